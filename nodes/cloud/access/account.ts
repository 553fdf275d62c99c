import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { CUSTOM_CLOUD, KNOWN_CLOUDS } from './clouds';
import { toSwitch, toText } from '../api/values';

/** Which cloud and which project a credential leads to. */
export interface Account {
	/** Base URL in front of `/v2.1` and `/v1`, without a slash at its end. */
	ecsEndpoint: string;
	projectId: string;
	allowUnauthorizedCerts: boolean;
}

/** A field of a credential that leads to one of the APIs of a custom cloud. */
export interface EndpointField {
	name: 'ecsEndpoint' | 'iamEndpoint';
	/** What the editor calls it. */
	title: string;
	/** An address as it may stand there. */
	example: string;
}

/** Nova's, and on clouds of the Huawei family ECS v1's. */
export const COMPUTE_ENDPOINT: EndpointField = {
	name: 'ecsEndpoint',
	title: 'Compute Endpoint',
	example: 'https://nova.example.com:8774',
};

/** What is wrong with a credential, in words for the person who fills it in. */
export class InvalidCredential extends Error {}

/**
 * Reads where a credential leads to.
 * @throws InvalidCredential when a field cannot be used; nothing was sent then.
 */
export function readAccount(credential: ICredentialDataDecryptedObject): Account {
	const custom = credential.cloud === CUSTOM_CLOUD;
	return {
		ecsEndpoint: readEndpoint(credential, COMPUTE_ENDPOINT),
		projectId: readProjectId(credential.projectId),
		allowUnauthorizedCerts:
			custom && readSwitch(credential, 'allowUnauthorizedCerts', 'Ignore SSL Issues (Insecure)'),
	};
}

/**
 * An endpoint of the cloud that a credential names, or the one that the user gave for a custom cloud.
 * @throws InvalidCredential when there is none that can be used.
 */
export function readEndpoint(
	credential: ICredentialDataDecryptedObject,
	field: EndpointField,
): string {
	if (credential.cloud !== CUSTOM_CLOUD) {
		const cloud = KNOWN_CLOUDS.find(({ value }) => value === credential.cloud);
		if (!cloud) {
			throw new InvalidCredential(
				`The credential names an unknown cloud: '${String(credential.cloud)}'`,
			);
		}
		return cloud[field.name];
	}
	return parseEndpoint(field, credential[field.name], allowsHttp(credential));
}

/**
 * Whether the user allowed plain http; the answer for a custom cloud does not hold for a known one.
 * @throws InvalidCredential when it is neither yes nor no.
 */
export function allowsHttp(credential: ICredentialDataDecryptedObject): boolean {
	const custom = credential.cloud === CUSTOM_CLOUD;
	return custom && readSwitch(credential, 'allowHttp', 'Allow Plain HTTP');
}

/** Off in a credential that does not have it; an expression that gives nothing must not turn it off unseen. */
function readSwitch(
	credential: ICredentialDataDecryptedObject,
	field: string,
	title: string,
): boolean {
	const on = field in credential ? toSwitch(credential[field]) : false;
	if (on === undefined) {
		throw new InvalidCredential(`'${title}' in the credential must be true or false`);
	}
	return on;
}

/**
 * What may follow the base URL: slashes, and the version and project that service catalogs add (OpenStack's lists of
 * endpoints have `%(project_id)s` there), with the collection where it was copied from a request.
 */
const ENDPOINT_TAIL =
	/\/*((\/v2(\.\d+)?|\/v1(?=\/[^/]))(\/[^/]+(\/(cloud)?servers(\/detail)?)?)?)?\/*$/;

/**
 * The base URL in an endpoint field. What a service catalog adds (`/v2.1`, `/v2.1/{project}`) and
 * slashes at the end are taken off.
 * @throws InvalidCredential when it is not a plain https (or allowed http) base URL.
 */
export function parseEndpoint(
	{ title, example }: Pick<EndpointField, 'title' | 'example'>,
	value: unknown,
	allowHttp: boolean,
): string {
	const text = toText(value)?.trim();
	if (!text) {
		throw new InvalidCredential(`'${title}' in the credential is empty: for example ${example}`);
	}

	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:\/\//i.test(text)) {
		throw new InvalidCredential(
			`'${title}' in the credential must start with https:// and a host, for example ${example}`,
		);
	}
	if (url.search || url.hash || text.includes('?') || text.includes('#')) {
		throw new InvalidCredential(
			`'${title}' in the credential must not have a query or a fragment (? or #), for example ${example}`,
		);
	}
	if (url.username || url.password) {
		throw new InvalidCredential(
			`'${title}' in the credential must not hold a user name or password`,
		);
	}
	refusePlainHttp(url, allowHttp);
	return url.origin + url.pathname.replace(ENDPOINT_TAIL, '');
}

/**
 * Secrets travel in clear over plain http: only to this machine itself, or where the user allows it.
 * @throws InvalidCredential otherwise.
 */
export function refusePlainHttp(url: URL, allowHttp: boolean): void {
	if (url.protocol !== 'http:' || allowHttp || isLoopback(url.hostname)) return;
	throw new InvalidCredential(
		`The endpoint ${url.origin} uses plain http, which would send the credential unencrypted: use https, or turn on 'Allow Plain HTTP' in the credential`,
	);
}

function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readProjectId(value: unknown): string {
	const text = toText(value)?.trim();
	if (!text) throw new InvalidCredential("'Project ID' in the credential is empty");
	if (!PROJECT_ID.test(text)) {
		throw new InvalidCredential(
			"'Project ID' in the credential must be an ID, such as 77b6a44cba5143ab91d13ab9a8ff44fd, not a name or a path. The console of the cloud shows it beside the name, under My Credentials; OpenStack under Identity > Projects, or with: openstack project list",
		);
	}
	return text;
}

/**
 * Keystone makes IDs of 32 hexadecimal digits, domains of some backends 64 (openstack/keystone, `common/utils.py`,
 * `identity/id_generators/sha256.py`); some operators took over UUIDs or plain numbers from what they had before.
 */
const PROJECT_ID = /^([0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+)$/i;
