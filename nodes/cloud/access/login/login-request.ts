import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { toText } from '../../api/values';
import { type EndpointField, InvalidCredential, readAccount, readEndpoint } from '../account';
import { CUSTOM_CLOUD } from '../clouds';

const IDENTITY_ENDPOINT: EndpointField = {
	name: 'iamEndpoint',
	title: 'Identity Endpoint',
	example: 'https://keystone.example.com:5000',
};

/** How long a login may take, in milliseconds. */
export const LOGIN_TIMEOUT_MS = 30_000;

/**
 * What is asked of IAM for a token.
 * @throws InvalidCredential when a field cannot be used.
 */
export function loginRequest(credential: ICredentialDataDecryptedObject): IHttpRequestOptions {
	const { allowUnauthorizedCerts } = readAccount(credential);
	return {
		method: 'POST',
		url: `${readIamEndpoint(credential)}/v3/auth/tokens`,
		// The catalog would be by far the largest part of the answer.
		qs: { nocatalog: 'true' },
		headers: { Accept: 'application/json' },
		body: { auth: readAuth(credential) },
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		skipSslCertificateValidation: allowUnauthorizedCerts,
		timeout: LOGIN_TIMEOUT_MS,
	};
}

/**
 * Where IAM is, without what its documents write behind that.
 * @throws InvalidCredential when the field cannot be used.
 */
export function readIamEndpoint(credential: ICredentialDataDecryptedObject): string {
	const endpoint = readEndpoint(credential, IDENTITY_ENDPOINT);
	return endpoint.replace(/\/v3(\/auth\/tokens)?$/, '');
}

/**
 * Who asks, and for what. An application credential is bound to its project, and Keystone refuses one with a
 * scope.
 * @throws InvalidCredential when a field cannot be used.
 */
export function readAuth(credential: ICredentialDataDecryptedObject): IDataObject {
	const { loginMethod = 'password' } = credential;
	if (loginMethod === 'applicationCredential') {
		const id = readField(credential, 'applicationCredentialId', 'Application Credential ID');
		const secret = readField(
			credential,
			'applicationCredentialSecret',
			'Application Credential Secret',
		);
		return {
			identity: { methods: ['application_credential'], application_credential: { id, secret } },
		};
	}
	if (loginMethod !== 'password') {
		throw new InvalidCredential(
			"'Login Method' in the credential must be password or applicationCredential",
		);
	}
	const domain = readDomain(readDomainField(credential));
	const name = readField(credential, 'userName', 'User Name');
	const password = readField(credential, 'password', 'Password');
	return {
		identity: { methods: ['password'], password: { user: { domain, name, password } } },
		scope: { project: { id: readAccount(credential).projectId } },
	};
}

/** A cloud of one's own has a domain of this name unless its operator made others. */
function readDomainField(credential: ICredentialDataDecryptedObject): string {
	if (credential.cloud !== CUSTOM_CLOUD) return readField(credential, 'domainName', 'Account Name');
	return toText(credential.domainName)?.trim() || 'Default';
}

/**
 * A domain by its ID where the text looks like one, else by its name: to try both would double the refused
 * logins, and five of those lock a user out. Keystone makes IDs of 32 hexadecimal digits, and calls the
 * domain that it begins with `default` (openstack/keystone, `common/utils.py`, `[identity] default_domain_id`).
 */
function readDomain(text: string): IDataObject {
	return /^([0-9a-f]{32}|default)$/.test(text) ? { id: text } : { name: text };
}

function readField(
	credential: ICredentialDataDecryptedObject,
	field: string,
	title: string,
): string {
	const value = toText(credential[field]) ?? '';
	if (value.trim() === '') throw new InvalidCredential(`'${title}' in the credential is empty`);
	// A secret may begin or end with a blank.
	return /password|secret/i.test(field) ? value : value.trim();
}
