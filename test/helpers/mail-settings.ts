/** What the mails of the tests need of the configuration. */
import type { MailSettings } from '../../jobs/mails/compose.ts';

export const SETTINGS: MailSettings = {
  publicUrl: 'https://inkoop.example',
  secret: 'a secret that only the tests know, 32+',
  from: 'herinnering@inkoop.example',
};
