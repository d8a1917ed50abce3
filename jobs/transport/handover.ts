/** What it means to hand a mail over, whatever takes it. */
import type { DeliveryFailure } from '../../db/sending/refusals.ts';

export interface Envelope {
  from: string;
  /** One recipient: a message with several is half delivered when one of them is refused. */
  to: string;
  /** What the file is called where mails are files. */
  name: string;
}

interface Handover {
  /**
   * Asked once, when the server wants the body and before its first byte leaves; until it resolves, nothing leaves. When it rejects,
   * nothing leaves at all and the try ends as a fault of kind `lost`.
   */
  leaving?: () => Promise<void>;
  /** Breaks the try off. */
  signal?: AbortSignal | undefined;
}

export interface Mailer {
  /** Resolves with the server's answer once it took the mail. Throws a MailError. May be called several times at once. */
  send(envelope: Envelope, raw: Buffer, handover?: Handover): Promise<{ response: string }>;
  /** Where mails are files: the folder that they are in. */
  folder?: string;
  close(): void;
}

/** A mail that was not taken, and whose fault that is. */
export class MailError extends Error {
  readonly fault: DeliveryFailure;

  constructor(fault: DeliveryFailure, options?: ErrorOptions) {
    super(fault.response, options);
    this.name = 'MailError';
    this.fault = fault;
  }
}
