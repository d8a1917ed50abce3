/** What browsers may do with our answers: nothing from elsewhere, no frames, no referrer. */
import type { FastifyHelmetOptions } from '@fastify/helmet';
import { basePathOf } from '../base-path.ts';

/**
 * Helmet's options. HSTS only where the service is reached over https: elsewhere it would be a promise that nobody keeps. It holds for a whole
 * host: below a path others answer there too, and it is not ours to promise.
 */
export function securityHeaders(publicUrl: string): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity:
      publicUrl.startsWith('https:') && basePathOf(publicUrl) === '' ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  };
}
