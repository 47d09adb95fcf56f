import type { EntraFlavour } from './flavour.ts';

const FLAG: EntraFlavour = 'aadOptscim062020';

/**
 * The Tenant URL as it is pasted into Entra, with or without its flag.
 *
 *     https://scim.example.com/scim/v2?aadOptscim062020
 */
export function readTenantUrl(url: string, flavour: EntraFlavour): { baseUrl: string; flavour: EntraFlavour } {
  const [baseUrl = '', flag] = url.split('?');
  return flag === FLAG ? { baseUrl, flavour: FLAG } : { baseUrl: url, flavour };
}
