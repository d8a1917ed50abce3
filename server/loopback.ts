/** Whether a host name is this machine's own, so that nobody else reaches what stands there: "localhost", "127.0.0.1", "[::1]". */
export function isLoopback(hostname: string): boolean {
  return /^(([\w-]+\.)*localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}
