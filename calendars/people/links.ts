/** Where links in mails to people lead: a path of the Dutch pages, below /en/ for who reads English, with the token as its last part. */
import type { Language } from '../terms.ts';

export const TOKEN_PAGES = {
  sign_in: 'inloggen',
  enrolment: 'aanmelden',
  member_invitation: 'uitnodiging',
  address_change: 'adres',
} as const;

/** The address of a page, given where the service is reached. */
export function tokenUrl(
  publicUrl: string,
  page: keyof typeof TOKEN_PAGES,
  { language, token }: { language: Language; token: string },
): string {
  return `${publicUrl}${language === 'en' ? '/en' : ''}/${TOKEN_PAGES[page]}/${token}`;
}
