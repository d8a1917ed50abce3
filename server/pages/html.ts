/** The one door to the template tag: what it is given is escaped, and only what it made is HTML. */
export { html, type SafeHtml } from '@remix-run/html-template';
