/** Who may enrol an organisation. */

/** Everybody, who has a link of `cli invite`, or nobody. */
export const SIGN_UPS = ['open', 'invited', 'closed'] as const;
export type SignUp = (typeof SIGN_UPS)[number];
