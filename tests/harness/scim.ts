/** A reply, read whole. `body` is the parsed JSON, undefined when there is none. */
export interface ScimReply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly body: any;
  readonly text: string;
}

export interface RequestOptions {
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScimClient {
  request(method: string, path: string, options?: RequestOptions): Promise<ScimReply>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ScimReply>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<ScimReply>;
  put(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<ScimReply>;
  /** `body` is the list of operations, or a whole message. */
  patch(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<ScimReply>;
  delete(path: string, headers?: Readonly<Record<string, string>>): Promise<ScimReply>;
}

/** A small SCIM client; paths stand below the base: `/Users?count=1`. */
export function scim({ baseUrl, token }: { readonly baseUrl: string; readonly token: string }): ScimClient {
  const request: ScimClient['request'] = async (method, path, { body, headers } = {}) => {
    const reply = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        accept: 'application/scim+json',
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, text, body: parse(text) };
  };
  return {
    request,
    get: (path, headers = {}) => request('GET', path, { headers }),
    post: (path, body, headers = {}) => request('POST', path, { body, headers }),
    put: (path, body, headers = {}) => request('PUT', path, { body, headers }),
    patch: (path, body, headers = {}) => request('PATCH', path, { body: toPatch(body), headers }),
    delete: (path, headers = {}) => request('DELETE', path, { headers }),
  };
}

function toPatch(body: unknown): unknown {
  return Array.isArray(body) ? { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: body } : body;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
