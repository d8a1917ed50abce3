/** Loaded before openapi-typescript (`node --import`): lets it find the compiler's functions that it makes its types with. */
import { registerHooks } from 'node:module';

const functions = import.meta.resolve('./compiler-functions.ts');

registerHooks({ resolve: (specifier, context, next) => next(specifier === 'typescript' ? functions : specifier, context) });
