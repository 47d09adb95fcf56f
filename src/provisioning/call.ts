/**
 * One HTTP exchange below a SCIM base, as plain values: no sockets. The door has decoded the path once, refused what has
 * no canonical form, and chosen the application by base path (and host).
 */
export interface Call {
  /** Upper case, as sent: `PATCH`. */
  readonly method: string;
  /** Decoded segments below the base: `['Users', '2819c223']`; `[]` is the base itself. */
  readonly segments: readonly string[];
  /** What stands after `?`, still encoded; '' when there is nothing. */
  readonly query: string;
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly accept?: string | undefined;
    readonly contentType?: string | undefined;
    readonly contentEncoding?: string | undefined;
    readonly ifMatch?: string | undefined;
    readonly ifNoneMatch?: string | undefined;
  };
  /**
   * The body's text, read when asked for (authentication comes first). Rejects with ScimError 413 past `limit` bytes,
   * while streaming, with 400 when it is not UTF-8, and with 503 when the large bodies that are on their way already,
   * of all or of this directory, leave no room for it. '' when there is no body.
   */
  readonly body: (limit: number, directory: string) => Promise<string>;
  /**
   * The public URL of the base, without a trailing slash: `https://joinery.example.com/scim/v2`. Never from the Host header.
   * Where the host begins with the slug of whoever asks, a `*` stands there until `admit` knows who that is.
   */
  readonly base: string;
  /** The first label of the host, where any may stand there: `acme` of `acme.scim.example.com`. */
  readonly slug?: string;
  /** The application's name in `joinery.config.ts`. */
  readonly application: string;
  readonly requestId: string;
}

export interface Reply {
  readonly status: number;
  /** Lower-case names. Content-Length, Date and the request id are the door's. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or its pieces in order for a long one; absent for 204 and 304. */
  readonly body?: string | AsyncIterable<string>;
  /** For the log's wide line: who it was and what came of it. */
  readonly note: ReplyNote;
}

export interface ReplyNote {
  readonly directory?: string;
  /** Its id. */
  readonly credential?: string;
  /** Of refusals, for the failure list. */
  readonly credentialName?: string;
  readonly outcome: string;
  /** The named rewrites that made the request legal, when there were any. */
  readonly rewrites?: readonly string[];
  /** The attributes that were sent and are not kept here, when there were any. */
  readonly ignored?: readonly string[];
  /** What only the operator reads: the cause of a 500, the unavailable database's words. */
  readonly logged?: unknown;
}

/** The SCIM endpoint as a function: what `http` is given. Never rejects. */
export type Serve = (call: Call) => Promise<Reply>;

/** What a presented token opens, or why it opens nothing. Made by `access`, handed to `provisioning` by `app.ts`. */
export type Identify = (token: string) => Promise<Identified | IdentifyRefusal>;

export interface Identified {
  readonly kind: 'identified';
  readonly credential: { readonly id: string; readonly name: string; readonly scope: 'provision' | 'read' };
  readonly directory: string;
  readonly application: string;
  readonly organization: {
    readonly id: string;
    readonly slug: string;
    readonly plan?: string | undefined;
    readonly sso?: boolean;
  };
  /** What the directory has otherwise than its application, as JSON; undefined: nothing. */
  readonly policy?: string | undefined;
}

export interface IdentifyRefusal {
  readonly kind: 'unknown' | 'expired' | 'revoked';
  /** Of one that was known: whose failure list it belongs to. */
  readonly whose?: { readonly directory: string; readonly credential: { readonly id: string; readonly name: string } };
}
