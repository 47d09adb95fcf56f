import { GUIDES, type Guide, type Line } from './story.ts';

/** What comes with "Who may come in", after the rules. */
export const PARTS = {
  pages: 'The pages of an organization, for its administrators: settings, tokens, members, failures to download.',
  SSO: 'Single sign-on by SAML, which reads the users that SCIM writes.',
  OAuth: 'Authorizing a connection by signing in, in place of a token that is pasted.',
} as const;
export type Part = keyof typeof PARTS;

/** A line that promises something, in our words; some of it, or all, may come with a later part. */
export interface Promised {
  readonly line: Line;
  readonly promise: string;
  readonly later?: Part;
}

/** Lines, both included, of which nothing can be asked here, and why. */
interface Silent {
  readonly lines: readonly [number, number];
  readonly because: string;
}

interface Reading {
  readonly length: number;
  readonly promises: readonly (readonly [line: number, promise: string, later?: Part])[];
  readonly silent: readonly Silent[];
}

const TITLES = 'titles';
const IN_OKTA = 'done in Okta alone: nothing is sent';
const LAYOUT = 'pictures, links and layout';
const one = (line: number, because: string): Silent => ({ lines: [line, line], because });

/** Every line of each guide, once; the guides are not in the repository. Empty lines belong to nobody. */
const READINGS: Readonly<Record<Guide, Reading>> = {
  sparkpost: {
    length: 65,
    promises: [
      [8, 'people of Okta can be created'],
      [9, 'roles change from Okta'],
      [10, 'deactivating removes the user'],
      [11, 'users who are here are imported, matched with people of Okta or made new ones'],
      [14, 'for premier and enterprise customers, and for tests'],
      [15, 'single sign-on is configured and on before', 'SSO'],
      [16, 'only administrators make tokens', 'pages'],
      [19, 'the settings are found from the dashboard', 'pages'],
      [22, 'a token is made at a press', 'pages'],
      [25, 'the token is shown once; another one can be made'],
      [29, 'the username is the e-mail address'],
      [30, 'single sign-on has its own addresses to copy', 'SSO'],
      [36, 'the connection can be switched on'],
      [37, 'there is one base URL to enter'],
      [38, 'on the host of the first region'],
      [39, 'on the host of the second region'],
      [40, 'on a host for each enterprise customer'],
      [42, 'the host of an enterprise customer has its name in it'],
      [44, 'the token opens the base URL'],
      [45, 'the test of the credentials tells right from wrong'],
      [46, 'saving the connection tests it once more'],
      [49, 'create, update and deactivate can be switched on'],
      [53, 'Okta can list who is here'],
      [56, 'the administrator decides who is matched and who is new'],
      [57, 'the assignments can be confirmed'],
      [58, 'the changes can be confirmed'],
      [61, 'who was imported is here afterwards'],
    ],
    silent: [
      { lines: [1, 7], because: TITLES },
      one(13, TITLES),
      one(18, TITLES),
      one(20, LAYOUT),
      one(23, LAYOUT),
      one(27, TITLES),
      one(28, IN_OKTA),
      one(31, LAYOUT),
      one(33, IN_OKTA),
      one(34, LAYOUT),
      one(41, LAYOUT),
      one(47, LAYOUT),
      one(50, LAYOUT),
      one(52, TITLES),
      one(54, LAYOUT),
      one(59, LAYOUT),
      one(62, LAYOUT),
      { lines: [64, 65], because: 'where to ask for help' },
    ],
  },
  oktopost: {
    length: 99,
    promises: [
      [7, 'administrators of both sides connect them', 'pages'],
      [9, 'application and board are set up apart from the beginning'],
      [15, 'users can be created'],
      [17, 'assigning creates a user'],
      [19, 'attributes can be updated'],
      [21, 'each later change in Okta overwrites'],
      [23, 'users can be deactivated'],
      [25, 'unassigned or deactivated is off; assigned again is on again'],
      [31, 'single sign-on is there already', 'SSO'],
      [32, 'the username is the e-mail address'],
      [33, 'provisioning can be set up'],
      [34, 'provisioning can be switched on'],
      [35, 'the connection is authorized by signing in', 'OAuth'],
      [36, 'the features can be switched on, and saved'],
      [37, 'creating can be switched on'],
      [38, 'updating can be switched on'],
      [39, 'deactivating can be switched on'],
      [43, 'who is assigned is provisioned'],
      [45, 'who was assigned before is not provisioned by switching it on'],
      [47, 'who was assigned before is provisioned by unassigning and assigning'],
      [48, 'who was assigned before can be provisioned by hand'],
      [52, 'the board is an integration of its own'],
      [56, 'the board is signed in to under a name of its own'],
      [58, 'single sign-on has an address to return to', 'SSO'],
      [59, 'single sign-on has a name for us', 'SSO'],
      [60, 'single sign-on needs no relay state', 'SSO'],
      [62, 'the board is provisioned by SCIM'],
      [64, 'the board has a base URL, in both regions'],
      [65, 'users are told apart by userName'],
      [66, 'the credential is an HTTP header'],
      [67, 'new users and changes are pushed'],
      [68, 'the token comes from the settings', 'pages'],
      [70, 'creating can be switched on'],
      [71, 'updating can be switched on'],
      [72, 'deactivating can be switched on'],
      [73, 'username, given and family name are enough'],
      [77, 'some users cannot be provisioned, and each is told why'],
      [79, 'an e-mail address that is here already is refused'],
      [80, 'a user without a licence left is refused'],
      [81, 'a connection that failed is told'],
      [83, 'a list of all of them, with the error, can be downloaded', 'pages'],
      [87, 'username and e-mail stay identical'],
      [91, 'only some attributes are kept'],
      [93, 'userName may change, and equals the e-mail'],
      [94, 'the name may change'],
      [95, 'the given name is kept'],
      [96, 'the family name is kept'],
      [97, 'the primary work e-mail is kept, and may change'],
    ],
    silent: [
      { lines: [1, 5], because: TITLES },
      { lines: [11, 13], because: TITLES },
      { lines: [27, 29], because: TITLES },
      one(41, TITLES),
      one(50, TITLES),
      one(54, TITLES),
      one(57, TITLES),
      one(61, IN_OKTA),
      one(63, TITLES),
      one(69, TITLES),
      one(75, TITLES),
      one(85, TITLES),
      one(89, TITLES),
      { lines: [98, 99], because: LAYOUT },
    ],
  },
  spotdraft: {
    length: 105,
    promises: [
      [7, 'the plan includes single sign-on'],
      [8, 'administrators with access to the security settings', 'pages'],
      [15, 'who is assigned is a member of the workspace'],
      [16, 'attributes are updated'],
      [17, 'members are deactivated and reactivated'],
      [20, 'four more features of Okta are there, and are refused clearly where they are off'],
      [22, 'users who are here are imported, matched with people of Okta or made new ones'],
      [23, 'teams are imported as groups of Okta'],
      [24, 'groups are pushed with their members, as teams'],
      [25, 'passwords are synchronized'],
      [56, 'credentials are made in the product', 'pages'],
      [58, 'credentials have a page of their own', 'pages'],
      [59, 'a key is made at a press', 'pages'],
      [60, 'the key has a name'],
      [61, 'base URL and key can be copied'],
      [68, 'the connection can be set up'],
      [74, 'provisioning can be switched on'],
      [75, 'base URL and key are what Okta asks for'],
      [76, 'saving the connection tests it'],
      [82, 'the features can be switched on'],
      [83, 'creating can be switched on'],
      [84, 'updating can be switched on'],
      [85, 'deactivating can be switched on'],
      [86, 'saving the features tests the connection once more'],
      [93, 'assigning and unassigning provisions and deprovisions'],
      [98, 'single sign-on is set up beside it', 'SSO'],
    ],
    silent: [
      { lines: [1, 5], because: TITLES },
      { lines: [11, 13], because: TITLES },
      { lines: [27, 48], because: IN_OKTA },
      { lines: [50, 54], because: TITLES },
      { lines: [62, 65], because: LAYOUT },
      one(67, IN_OKTA),
      { lines: [69, 72], because: LAYOUT },
      { lines: [77, 80], because: LAYOUT },
      { lines: [87, 91], because: LAYOUT },
      { lines: [95, 96], because: LAYOUT },
      { lines: [100, 105], because: LAYOUT },
    ],
  },
  spotinst: {
    length: 60,
    promises: [
      [5, 'users can be created'],
      [6, 'who is new in Okta is created here'],
      [7, 'users can be deleted'],
      [8, 'who is deactivated in Okta is deleted here'],
      [9, 'users can be created again'],
      [10, 'who is reactivated in Okta is created here anew'],
      [11, 'users can be imported'],
      [12, 'who is here can be imported into Okta'],
      [26, 'the connection can be set up'],
      [27, 'provisioning can be switched on'],
      [28, 'a token opens the connection'],
      [29, 'the test of the connection tells right from wrong'],
      [30, 'saving the connection tests it once more'],
      [34, 'create, update and deactivate can be switched on'],
      [36, 'there is something to import'],
      [37, 'Okta can list who is here'],
      [38, 'some of the listed ones can be chosen'],
      [39, 'the chosen ones can be confirmed'],
      [40, 'the changes can be confirmed'],
      [41, 'provisioning goes on from an import'],
      [42, 'changes are written to the app after an import'],
      [43, 'a forced synchronization goes through'],
      [48, 'the application can be assigned to a person'],
      [50, 'assigning it sends the person'],
      [52, 'the person is here when it is saved'],
      [56, 'existing users are not updated'],
      [58, 'updates are accepted all the same, for the forced synchronization'],
      [59, 'existing users are not affected in any way'],
      [60, 'more than one user belongs to the organization'],
    ],
    silent: [
      { lines: [1, 3], because: TITLES },
      { lines: [14, 18], because: TITLES },
      { lines: [19, 25], because: IN_OKTA },
      one(32, IN_OKTA),
      one(35, TITLES),
      one(44, TITLES),
      { lines: [45, 47], because: IN_OKTA },
      one(54, TITLES),
    ],
  },
};

export const PROMISES: readonly Promised[] = GUIDES.flatMap((guide) =>
  READINGS[guide].promises.map(([line, promise, later]) => ({
    line: `${guide}.md:${line}` as const,
    promise,
    ...(later === undefined ? {} : { later }),
  })),
);

export interface SilentLines {
  readonly guide: Guide;
  readonly from: number;
  readonly to: number;
  readonly because: string;
}

export const SILENT: readonly SilentLines[] = GUIDES.flatMap((guide) =>
  READINGS[guide].silent.map(({ lines: [from, to], because }) => ({ guide, from, to, because })),
);

export function lengthOf(guide: Guide): number {
  return READINGS[guide].length;
}
