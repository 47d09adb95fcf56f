/** Something that providers send, or wish for, and that stays as the standard has it. */
export interface NotRewritten {
  readonly what: string;
  readonly sentBy: string;
  readonly because: string;
}

/** What is no rewrite although a client sends it: beside the rewrites in `docs/reference/quirks.md`. */
export const NOT_REWRITTEN = {
  'formatted-name-stays': {
    what: '`name.formatted` keeps its text when a PATCH changes only `givenName` or `familyName`',
    sentBy: 'Entra ID, when the formatted name is not mapped (§2.2)',
    because:
      'an operation changes what it names and nothing else (RFC 7644 §3.5.2.3), and Entra ID maps each part on its own: it would never send again what we dropped. On PUT the old text is an echo of ours, and there it goes (`dropStaleFormatted`)',
  },
  'added-value-is-not-primary': {
    what: '`Add emails[type eq "work"].value`, after an earlier request removed it, makes a value without `primary`',
    sentBy: 'Entra ID (§2.2)',
    because:
      'nobody said that it is the primary one, and values are stored as they were sent (§2.4). Within one request the element stays what it was. Who needs one address takes the first where none is primary, as sorting does',
  },
  'reference-to-a-deleted-manager': {
    what: '`manager.$ref` of the reports of a manager who was deleted ends at 404, and `manager.value` stays',
    sentBy: 'Entra ID, which sends the next manager in a later cycle (§2.2)',
    because:
      'leaving it out takes a look-up at each read of a report, or a search through everybody at each DELETE. The value is what the provider said; the next manager replaces both',
  },
  'extension-attributes-at-the-top': {
    what: '`department` and `manager` at the top of a POST',
    sentBy: 'an older sample of Microsoft’s (§2.2)',
    because:
      'no schema has them there, and what no schema has is ignored (RFC 7644 §3.3). Entra ID itself sends them under their URN, and in a PATCH a path without it is understood (`extension-attribute-without-urn`)',
  },
  'patch-of-august-2025': {
    what: 'a PATCH that breaks RFC 7644 in a way nobody has published',
    sentBy: 'Entra ID since August 2025 (§2.2: scim2-server#13)',
    because:
      'its body is not known. What cannot be read is refused with a detail that names the attribute or the path, which the administrator reads in the provisioning log',
  },
  'required-attributes-cannot-be-removed': {
    what: '`Remove userName`',
    sentBy: 'the Microsoft SCIM Validator, for whatever attribute its target has (§2.4)',
    because: 'a user without a name is none: 400 mutability (RFC 7644 §3.5.2.2)',
  },
  'passwords-are-not-returned': {
    what: 'attributes that are never returned are looked for in the reply',
    sentBy: 'the Microsoft SCIM Validator (§2.4, run 32)',
    because: 'a password is kept as a hash or not at all, and never told (RFC 7643 §7)',
  },
  'user-patch-tells-the-user': {
    what: '204 expected for the PATCH of a user',
    sentBy: "Microsoft's Postman collection (§2.6)",
    because:
      '200 with the user and 204 without are both right (RFC 7644 §3.5.2), and providers take either; Okta reads what it is told. The PATCH of a group, which may be large, is 204',
  },
  'unknown-members-are-refused': {
    what: 'members that do not exist',
    sentBy: "Microsoft's Postman collection, in its group test (§2.6)",
    because:
      'a membership that was silently left out is access that somebody is missing, and that the provider believes to be there: 400 names the ids',
  },
  'several-for-one-value': {
    what: 'lists of two or more for an attribute of one value; two `primary` values',
    sentBy: 'attribute mappings by hand (§2.2)',
    because: 'of two nobody can say which one was meant',
  },
  'other-words-than-true-and-false': {
    what: '`"active":"No"`, `"active":""`, `"active":0`',
    sentBy: 'attribute mappings by hand (§2.2)',
    because: 'what is not understood never deactivates anybody, nor keeps anybody active',
  },
  'elements-outside-of-patch': {
    what: '`{"value":…}` or a list where a text or a boolean was expected, in POST, PUT or an operation without a path',
    sentBy: 'nobody that we know of',
    because:
      'it was seen in operations with a path only (`list-for-simple-value`); anywhere else it is a mistake to be told of',
  },
  'filter-in-excluded-attributes': {
    what: '`excludedAttributes=members[value eq "…"]`',
    sentBy: 'nobody that we know of; it follows from `attributes=emails[type eq "work"]` (§2.6)',
    because:
      'leaving out all of an attribute would keep back more than was asked. A name that no schema has excludes nothing',
  },
  'unknown-attributes-are-ignored': {
    what: 'misspelt attributes in a body',
    sentBy: "Microsoft's Postman collection (§2.6)",
    because:
      'they are ignored as the standard has it (RFC 7644 §3.3); guessing what was meant would store something else',
  },
  'replies-are-scim-json': {
    what: 'replies expected as `application/json`',
    sentBy: 'OneLogin’s guide (§3)',
    because:
      '`application/scim+json` is what RFC 7644 §3.1 asks for, and what OneLogin itself sends; the text is JSON either way',
  },
  'no-scim-1-1': {
    what: 'SCIM 1.1',
    sentBy: 'the PingFederate provisioner, when it is set so (§3)',
    because:
      'it is another protocol: other URNs, other messages. The provisioner speaks 2.0 as well; that is what to choose',
  },
  'never-without-a-token': {
    what: 'no authentication at all',
    sentBy: 'the PingFederate provisioner, when it is set so (§3)',
    because: 'there is no directory without a token: 401',
  },
  'oauth-comes-later': {
    what: 'OAuth client credentials, workload identity federation',
    sentBy: 'Entra ID (§2.3), PingFederate (§3)',
    because:
      'how a token is got is no matter of dialects; it comes with the part "who may come in". Any access token is sent as the bearer tokens are',
  },
  'bodies-nobody-has-seen': {
    what: 'whatever is particular to CyberArk Identity, Rippling, and the plug-ins of Keycloak',
    sentBy: 'these (§3)',
    because:
      'no body of theirs has been published. What is told of their calls works; what cannot be read is refused with a detail that says why',
  },
} satisfies Record<string, NotRewritten>;
