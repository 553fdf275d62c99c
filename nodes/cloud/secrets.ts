import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { isObject } from './answer';

/** Fields of the credentials whose values must never be shown. */
const SECRET_FIELDS = [
	'token',
	'sessionToken',
	'password',
	'applicationCredentialSecret',
	'secretKey',
	'securityToken',
];

/** What must not be shown of a credential as it is now: a login changes its token. */
export function secretsOf(credential: ICredentialDataDecryptedObject): string[] {
	return SECRET_FIELDS.map((field) => credential[field])
		.filter((value): value is string => typeof value === 'string' && value.trim().length >= 4)
		.map((value) => value.trim());
}

/** A part of an answer without secrets: some gateways echo the request they refuse. */
export function withoutSecrets(value: unknown, secrets: string[]): unknown {
	if (typeof value === 'string') return hide(value, secrets);
	if (Array.isArray(value)) return value.map((part) => withoutSecrets(part, secrets));
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, part]) => [name, withoutSecrets(part, secrets)]),
	);
}

export function hide(text: string, secrets: string[]): string {
	return secrets.reduce((shown, secret) => shown.split(secret).join('***'), text);
}
