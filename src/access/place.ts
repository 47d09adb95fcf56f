import { randomUUID } from 'node:crypto';
import { type DirectoryRow, type Organization, type OrganizationStore, UniqueKeyTaken } from '../directory/index.ts';

/** A directory as the operator names it. */
export interface PlaceWanted {
  /** The organization's slug. */
  readonly organization: string;
  /** Its name in `joinery.config.ts`; the only one when absent. */
  readonly application: string | undefined;
}

export type PlaceFound =
  | { readonly kind: 'found'; readonly organization: Organization; readonly directory: DirectoryRow }
  | { readonly kind: 'refused'; readonly detail: string };

/** The directory of an organization in an application. One that was declared later than the organization was made gets it now. */
export async function findPlace(
  wanted: PlaceWanted,
  { store, applications }: { readonly store: OrganizationStore; readonly applications: readonly string[] },
): Promise<PlaceFound> {
  const [only] = applications;
  const application = wanted.application ?? (applications.length === 1 ? only : undefined);
  if (application === undefined || !applications.includes(application)) {
    return { kind: 'refused', detail: whichApplication(wanted.application, applications) };
  }
  const organization = await store.organizationBySlug(wanted.organization);
  if (organization === undefined) return { kind: 'refused', detail: noOrganization(wanted.organization) };
  return { kind: 'found', organization, directory: await directoryOf(organization, application, store) };
}

async function directoryOf(
  organization: Organization,
  application: string,
  store: OrganizationStore,
): Promise<DirectoryRow> {
  const found = await store.directory(organization.id, application);
  if (found !== undefined) return found;
  const directory = {
    id: randomUUID(),
    organization: organization.id,
    application,
    created: new Date().toISOString(),
  };
  try {
    await store.addDirectory(directory);
  } catch (error) {
    // Another process added it at the same moment: theirs is the one.
    const theirs = error instanceof UniqueKeyTaken ? await store.directory(organization.id, application) : undefined;
    if (theirs === undefined) throw error;
    return theirs;
  }
  return directory;
}

function whichApplication(wanted: string | undefined, applications: readonly string[]): string {
  const known = `joinery.config.ts declares ${applications.join(', ')}`;
  return wanted === undefined
    ? `Say which application is meant: ${known}.`
    : `There is no application ${JSON.stringify(wanted)}: ${known}.`;
}

export function noOrganization(slug: string): string {
  return `There is no organization with the slug ${JSON.stringify(slug)}.`;
}
