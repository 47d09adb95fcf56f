/** Whole seconds only: the form that every provider reads (idp-clients §1.9, quirk 29). */
export function retryAfterSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header.trim()) ? Number(header) : undefined;
}
