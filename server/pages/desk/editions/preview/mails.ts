/** The mails that would leave, one for each kind of reader, each as it looks and as plain text. */
import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Preview, SampleMail } from '../../../../../db/sending/preview/preview.ts';
import { html, type SafeHtml } from '../../../html.ts';
import { rowList } from '../../../parts/rows.ts';
import { writeMoment } from '../../../people/moment.ts';
import { say } from '../../frame.ts';
import { rolesOf } from './hearing.ts';

/**
 * Lets the page show mails with the styles that stand in them, and no others: in a frame of its own what a page may do holds too (CSP 3, 'unsafe-hashes').
 */
export function allowStyles(reply: FastifyReply, mails: readonly Pick<SampleMail, 'html'>[]): void {
  const styles = new Set(mails.flatMap((mail) => [...mail.html.matchAll(/ style="([^"]*)"/g)].map(([, style = '']) => style)));
  const hashes = [...styles].map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  if (hashes.length === 0) return;
  const policy = String(reply.getHeader('content-security-policy'));
  reply.header('content-security-policy', policy.replace("style-src 'self'", `style-src 'self' 'unsafe-hashes' ${hashes.join(' ')}`));
}

type Shown = Extract<Preview, { faults: null }>;

export function mailSection({ mails, undrafted: { kinds, recipients } }: Pick<Shown, 'mails' | 'undrafted'>): SafeHtml | '' {
  if (mails.length + kinds === 0) return '';
  const whom = say('edition:preview.recipients', { count: recipients });
  return html`<section aria-labelledby="mails">
    <h2 id="mails">${say('edition:preview.mails')}</h2>
    ${mails.length === 0 ? '' : html`<p>${say('edition:preview.mails_text')}</p>`} ${mails.map(mailView)}
    ${kinds === 0 ? '' : html`<p>${say('edition:preview.undrafted', { count: kinds, whom })}</p>`}
  </section>`;
}

function mailView(mail: SampleMail, n: number): SafeHtml {
  const { at, partly, recipients, subject, text } = mail;
  const kind = kindOf(mail);
  const whom = say('edition:preview.recipients', { count: recipients });
  return html`<h3 class="mail-kind">${kind}</h3>
    ${rowList([
      {
        label: say('edition:preview.subject'),
        value: mail.language === 'nl' ? subject : html`<span lang="${mail.language}">${subject}</span>`,
      },
      { label: say('edition:preview.leaves'), value: writeMoment(at, 'nl') },
      { label: say('edition:preview.whom'), value: partly === 0 ? whom : `${whom} ${say('edition:preview.partly', { count: partly })}` },
    ])}
    <details ${n === 0 ? html`open` : ''}>
      <summary>${say('edition:preview.open')} <span class="unseen">${kind}</span></summary>
      <iframe class="mail" sandbox="" srcdoc="${mail.html}" title="${say('edition:preview.frame', { kind })}"></iframe>
    </details>
    <details>
      <summary>${say('edition:preview.plain')} <span class="unseen">${kind}</span></summary>
      <pre class="mail-text" lang="${mail.language}" tabindex="0">${text}</pre>
    </details>`;
}

/** "Regio-organisaties, met contract, in het Nederlands". */
function kindOf({ language, relation, roles }: SampleMail): string {
  const parts = [
    rolesOf(roles),
    ...(relation === null ? [] : [say(`edition:preview.relation.${relation}`)]),
    say(`edition:preview.in.${language}`),
  ];
  return parts.join(', ');
}
