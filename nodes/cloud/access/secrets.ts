import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { isObject } from '../api/answer';
import { toText } from '../api/values';
import { withoutHeaderName } from './token';

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
	return SECRET_FIELDS.map((field) => withoutHeaderName(toText(credential[field]) ?? ''))
		.filter((secret) => secret.length >= 4)
		.flatMap(writingsOf);
}

/** How an echo may write a secret: as it is, in JSON, in JSON of ASCII alone, in a URL, in a form, in HTML. */
function writingsOf(secret: string): string[] {
	const json = JSON.stringify(secret).slice(1, -1);
	const ascii = json.replace(
		/[^\x20-\x7e]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	const url = encodeURIComponent(secret);
	const form = url.replace(/%20/g, '+');
	const html = secret.replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
	return [...new Set([secret, json, ascii, url, form, html])];
}

/** As Python's `html.escape` has them, by which OpenStack's services write what they repeat. */
const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#x27;',
};

/** A part of an answer without secrets: some gateways echo the request they refuse. */
export function withoutSecrets(value: unknown, secrets: string[]): unknown {
	if (typeof value === 'string') return hide(value, secrets);
	if (Array.isArray(value)) return value.map((part) => withoutSecrets(part, secrets));
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, part]) => [name, withoutSecrets(part, secrets)]),
	);
}

/** A signature is made for each request: 64 hexadecimal digits, as no id of a cloud has. */
const SIGNATURE = /\b[0-9a-f]{64}\b/gi;

export function hide(text: string, secrets: string[]): string {
	const shown = secrets.reduce((rest, secret) => rest.split(secret).join('***'), text);
	return shown.replace(SIGNATURE, '***');
}
