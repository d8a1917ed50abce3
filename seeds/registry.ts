/** The registry as it is read: insurers, documents and deadlines with all their revisions, and the quotes behind them. */
import type { Content, Identity } from '../calendars/deadlines/deadline.ts';
import type { Contact } from '../db/schema/schema.ts';

export interface RegistryInsurer {
  slug: string;
  name: string;
  kind: 'health_insurer' | 'purchasing_party';
  website: string | null;
  aliases: string[];
  contacts: Contact[];
  remarks: string[];
  /** Keys of the documents that speak of this insurer, in reading order. */
  documents: string[];
}

export interface RegistryDocument {
  key: string;
  title: string;
  version: string | null;
  url: string | null;
  publishedOn: string | null;
  remarks: string[];
  /** The file's name in the folder of source documents; null when there is no text to quote from. */
  file: string | null;
  /** Where it is declared, as `sector.yaml:7 documents.0`. */
  at: string;
}

export interface RegistryRevision {
  reason: string;
  announcedOn: string | null;
  content: Content;
}

export interface RegistryDeadline extends Identity {
  /** When it was last compared with its document, and by whom. */
  checked: { on: string; by: string } | null;
  /** Oldest first; the first is revision 1. */
  revisions: RegistryRevision[];
}

/** A literal quote, and the place in the registry where it stands. */
export interface RegistryQuote {
  document: string;
  quote: string;
  /** As `cz.yaml:33 deadlines.0.revisions.0.sources.0.quote`. */
  at: string;
}

export interface Registry {
  insurers: RegistryInsurer[];
  documents: RegistryDocument[];
  deadlines: RegistryDeadline[];
  quotes: RegistryQuote[];
}
