/** RFC 7644 table 9, and for cursors RFC 9865 §2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

/**
 * An answer of the protocol that is not what was asked for.
 *
 *     {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidFilter","detail":"…"}
 *
 * `detail` is read by the customer's administrator in Okta's task list, as it stands: it names the attribute, what was
 * wrong and what was expected, and holds no secret and nothing internal.
 */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  readonly headers: Readonly<Record<string, string>>;

  private constructor(status: number, scimType: ScimType | undefined, detail: string, headers = {}) {
    super(detail);
    this.name = 'ScimError';
    this.status = status;
    this.scimType = scimType;
    this.headers = headers;
  }

  get detail(): string {
    return this.message;
  }

  static invalidFilter = (detail: string): ScimError => new ScimError(400, 'invalidFilter', detail);
  static tooMany = (detail: string): ScimError => new ScimError(400, 'tooMany', detail);
  static mutability = (detail: string): ScimError => new ScimError(400, 'mutability', detail);
  static invalidSyntax = (detail: string): ScimError => new ScimError(400, 'invalidSyntax', detail);
  static invalidPath = (detail: string): ScimError => new ScimError(400, 'invalidPath', detail);
  static noTarget = (detail: string): ScimError => new ScimError(400, 'noTarget', detail);
  static invalidValue = (detail: string): ScimError => new ScimError(400, 'invalidValue', detail);
  static invalidVers = (detail: string): ScimError => new ScimError(400, 'invalidVers', detail);
  static invalidCursor = (detail: string): ScimError => new ScimError(400, 'invalidCursor', detail);
  static expiredCursor = (detail: string): ScimError => new ScimError(400, 'expiredCursor', detail);
  static invalidCount = (detail: string): ScimError => new ScimError(400, 'invalidCount', detail);
  /** RFC 7644 §7.5.2 (the 404 in its example is a slip: table 9 and the text say 403). */
  static sensitive = (detail: string): ScimError => new ScimError(403, 'sensitive', detail);
  /** Conflict D8: 409 everywhere, also on PUT and PATCH. */
  static uniqueness = (detail: string): ScimError => new ScimError(409, 'uniqueness', detail);

  /** Statuses that table 9 gives no scimType. */
  static badRequest = (detail: string): ScimError => new ScimError(400, undefined, detail);
  static unauthorized = (detail: string, challenge: string): ScimError =>
    new ScimError(401, undefined, detail, { 'www-authenticate': challenge });
  static forbidden = (detail: string): ScimError => new ScimError(403, undefined, detail);
  static notFound = (detail: string): ScimError => new ScimError(404, undefined, detail);
  static methodNotAllowed = (detail: string, allow: readonly string[]): ScimError =>
    new ScimError(405, undefined, detail, { allow: allow.join(', ') });
  static notAcceptable = (detail: string): ScimError => new ScimError(406, undefined, detail);
  static conflict = (detail: string): ScimError => new ScimError(409, undefined, detail);
  static preconditionFailed = (detail: string): ScimError => new ScimError(412, undefined, detail);
  static requestTimeout = (detail: string): ScimError => new ScimError(408, undefined, detail);
  static tooLarge = (detail: string): ScimError => new ScimError(413, undefined, detail);
  static uriTooLong = (detail: string): ScimError => new ScimError(414, undefined, detail);
  static unsupportedMediaType = (detail: string): ScimError => new ScimError(415, undefined, detail);
  static expectationFailed = (detail: string): ScimError => new ScimError(417, undefined, detail);
  static headersTooLarge = (detail: string): ScimError => new ScimError(431, undefined, detail);
  static internal = (detail: string): ScimError => new ScimError(500, undefined, detail);
  static notImplemented = (detail: string): ScimError => new ScimError(501, undefined, detail);
  /** `retryAfter` in whole seconds: Okta reads nothing else (idp-clients §1.9). */
  static tooManyRequests = (detail: string, retryAfter: number): ScimError =>
    new ScimError(429, undefined, detail, { 'retry-after': String(retryAfter) });
  static unavailable = (detail: string, retryAfter: number): ScimError =>
    new ScimError(503, undefined, detail, { 'retry-after': String(retryAfter) });

  toJSON(): object {
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(this.status),
      ...(this.scimType === undefined ? {} : { scimType: this.scimType }),
      detail: this.detail,
    };
  }
}
