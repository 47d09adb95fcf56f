import type { Schema } from './attribute.ts';
import { attribute, readOnlySchema } from './define.ts';

const supported = attribute('supported', 'Whether it is supported.', { type: 'boolean', required: true });

/** RFC 7643 §5 and §8.7.2, with `type` and `primary` of authenticationSchemes, which §5 has and §8.7.2 forgot. */
export const SERVICE_PROVIDER_CONFIG_SCHEMA: Schema = readOnlySchema({
  id: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  name: 'ServiceProviderConfig',
  description: 'What this server supports.',
  attributes: [
    attribute('documentationUri', 'A page for people.', { type: 'reference', referenceTypes: ['external'] }),
    attribute('patch', 'PATCH.', { type: 'complex', required: true, subAttributes: [supported] }),
    attribute('bulk', 'Many operations in one request.', {
      type: 'complex',
      required: true,
      subAttributes: [
        supported,
        attribute('maxOperations', 'How many operations one request may hold.', { type: 'integer', required: true }),
        attribute('maxPayloadSize', 'How many bytes one request may hold.', { type: 'integer', required: true }),
      ],
    }),
    attribute('filter', 'Filters.', {
      type: 'complex',
      required: true,
      subAttributes: [
        supported,
        attribute('maxResults', 'How many resources one reply lists at most.', { type: 'integer', required: true }),
      ],
    }),
    attribute('changePassword', 'Changing passwords.', { type: 'complex', required: true, subAttributes: [supported] }),
    attribute('sort', 'Sorting.', { type: 'complex', required: true, subAttributes: [supported] }),
    attribute('etag', 'Versions of resources.', { type: 'complex', required: true, subAttributes: [supported] }),
    // RFC 9865 §4.
    attribute('pagination', 'How lists are paged.', {
      type: 'complex',
      subAttributes: [
        attribute('cursor', 'Whether by cursors.', { type: 'boolean', required: true }),
        attribute('index', 'Whether by startIndex.', { type: 'boolean', required: true }),
        attribute('defaultPaginationMethod', 'How, when the client does not say.', {
          canonicalValues: ['cursor', 'index'],
        }),
        attribute('defaultPageSize', 'How many resources a page has, when the client does not say.', {
          type: 'integer',
        }),
        attribute('maxPageSize', 'How many resources a page has at most.', { type: 'integer' }),
        attribute('cursorTimeout', 'For how many seconds a cursor may be used.', { type: 'integer' }),
      ],
    }),
    attribute('authenticationSchemes', 'How a client shows who it is.', {
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        attribute('type', 'The scheme.', {
          required: true,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
        }),
        attribute('name', 'The name of the scheme.', { required: true }),
        attribute('description', 'What the scheme is.', { required: true }),
        attribute('specUri', 'Where the scheme is specified.', { type: 'reference', referenceTypes: ['external'] }),
        attribute('documentationUri', 'A page for people.', { type: 'reference', referenceTypes: ['external'] }),
        attribute('primary', 'Whether it is the preferred one.', { type: 'boolean' }),
      ],
    }),
  ],
});
