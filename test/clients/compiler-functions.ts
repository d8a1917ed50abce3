/** The functions of TypeScript's compiler as its version 5 had them: the one that this project compiles with has no such functions any more. */
import { ts } from '@ts-morph/common';

export default ts;
