/**
 * A world whose cloud is entered by login or by access key, and n8n's own HTTP Request node beside
 * ours. Whatever a run shows is searched for every secret that it had or sent.
 */
import { captureLogs, placesOf } from './leaks';
import type { ICredentialDataDecryptedObject, INodeType } from 'n8n-workflow';
import { createEngine, type CredentialStore, type RunResult, type RunSettings } from './harness';
import { openWorld, type ItemError, type Received } from './world';
import type { SimulatorOptions } from '../simulator/cloud';

type Fields = Record<string, unknown>;
type OnError = 'continueErrorOutput' | 'continueRegularOutput' | 'stopWorkflow';

export interface Manner extends Pick<RunSettings, 'mode' | 'signal' | 'onRequest'> {
	options?: Fields;
	waitUntilDone?: boolean;
	onError?: OnError;
}

export type Seen = RunResult & {
	items: RunResult['output'][number]['json'][];
	failures: ItemError[];
	/** In seconds. */
	elapsed: number;
};

/** With characters that JSON and URLs have to encode: the canary shows through all the same. */
export const PASSWORD = 'pä"s\\s CANARYpass+/=%20';
export const SECRET = 'app-CANARYsecret&x=1';
export const SECRET_KEY = 'CANARYsecretkey0000000000000000000000000';
export const SECURITY_TOKEN = 'gQpl-CANARYsecuritytoken+/==';

const CANARIES = ['CANARYpass', 'CANARYsecret', 'CANARYsecretkey', 'CANARYsecuritytoken'];

const AUTHENTICATION: Record<string, string> = {
	elasticCloudServerTokenApi: 'token',
	elasticCloudServerLoginApi: 'login',
	elasticCloudServerAccessKeyApi: 'accessKey',
};

/** Options as version 4.2 of n8n's HTTP Request node makes them, for its legacy helper. */
const httpRequest: INodeType = {
	description: {
		name: 'httpRequest',
		displayName: 'HTTP Request',
		description: '',
		group: ['output'],
		version: [4.2],
		defaults: { name: 'HTTP Request' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [
			{ name: 'request', displayName: 'Request', type: 'json', default: '' },
			{ name: 'credentialType', displayName: 'Credential Type', type: 'string', default: '' },
		],
	},
	async execute() {
		const request = this.getNodeParameter('request', 0) as object;
		const type = this.getNodeParameter('credentialType', 0) as string;
		const response = (await this.helpers.requestWithAuthentication.call(this, type, {
			headers: { accept: 'application/json,text/*;q=0.99' },
			gzip: true,
			rejectUnauthorized: true,
			followRedirect: false,
			resolveWithFullResponse: true,
			timeout: 300_000,
			json: true,
			...request,
		})) as { statusCode: number; body: object };
		return [[{ json: { statusCode: response.statusCode, body: response.body } }]];
	},
};

const logs = captureLogs();
const engine = createEngine({ extraNodes: { 'n8n-nodes-base.httpRequest': httpRequest } });

/** Every secret of this file's runs, the signatures and tokens among them. */
const secrets = new Set(CANARIES);

afterAll(() => logs.end());

export async function openAccounts(options: SimulatorOptions = {}) {
	const world = await openWorld(options);
	const { cloud, url, received } = world;
	const { applicationCredential, project, user } = cloud;
	user.password = PASSWORD;
	applicationCredential.secret = SECRET;
	cloud.accessKey.secretKey = SECRET_KEY;
	const base = { cloud: 'custom', ecsEndpoint: url, projectId: project.id };

	const byPassword = (fields: Fields = {}) =>
		stored('elasticCloudServerLoginApi', {
			...base,
			sessionToken: '',
			sessionLogin: '',
			iamEndpoint: url,
			loginMethod: 'password',
			domainName: cloud.domain.name,
			userName: user.name,
			password: PASSWORD,
			...fields,
		});
	const byApplicationCredential = (fields: Fields = {}) =>
		byPassword({
			loginMethod: 'applicationCredential',
			domainName: '',
			userName: '',
			password: '',
			applicationCredentialId: applicationCredential.id,
			applicationCredentialSecret: SECRET,
			...fields,
		});
	const byAccessKey = (fields: Fields = {}) =>
		stored('elasticCloudServerAccessKeyApi', {
			...base,
			accessKey: cloud.accessKey.accessKey,
			secretKey: SECRET_KEY,
			securityToken: '',
			...fields,
		});

	/** Runs the node on an item for each server; a login's session is put into the store. */
	async function start(store: CredentialStore, ids: string[], manner: Manner = {}): Promise<Seen> {
		const { options, waitUntilDone, onError = 'continueErrorOutput', ...rest } = manner;
		const [type] = Object.keys(store);
		const from = performance.now();
		const result = await engine.run({
			node: {
				authentication: AUTHENTICATION[type],
				operation: 'start',
				serverId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
				...(waitUntilDone === undefined ? {} : { waitUntilDone }),
				options: { pollInterval: 1, ...options } as ICredentialDataDecryptedObject as never,
			},
			items: ids.map((id) => ({ id })),
			credentialStore: store,
			onError,
			...rest,
		});
		expectNoSecrets(result, store, received);
		return {
			...result,
			items: result.output.map(({ json }) => json),
			failures: result.errorOutput.map(({ json }) => json.error as unknown as ItemError),
			elapsed: (performance.now() - from) / 1000,
		};
	}

	/** What n8n's HTTP Request node gets with the credential chosen in it. */
	async function request(store: CredentialStore, options: Fields) {
		const [credentialType] = Object.keys(store);
		const result = await engine.runWorkflow({
			workflow: {
				nodes: [
					node('Trigger', 'n8n-nodes-base.manualTrigger', 1, {}),
					{
						...node('HTTP', 'n8n-nodes-base.httpRequest', 4.2, {
							request: options,
							credentialType,
						}),
						credentials: { [credentialType]: { id: credentialType, name: credentialType } },
					},
				],
				connections: { Trigger: { main: [[{ node: 'HTTP', type: 'main', index: 0 }]] } },
			},
			credentialStore: store,
		});
		return { ...result, answer: result.nodes.HTTP.output[0]?.json };
	}

	/** What was taken and what was refused, by the cloud's books. */
	const books = () => ({ ...cloud.requests.outcomes });

	return {
		...world,
		host: new URL(url).host,
		byPassword,
		byApplicationCredential,
		byAccessKey,
		start,
		request,
		books,
	};
}

const node = (name: string, type: string, typeVersion: number, parameters: object) => ({
	id: name,
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
});

const stored = (type: string, fields: Fields): CredentialStore => ({ [type]: fields });

/** The session that a login left in the store. */
export const sessionOf = (store: CredentialStore) =>
	store.elasticCloudServerLoginApi.sessionToken as string;

/** A credential as the user edits it: n8n keeps the session. */
export const edit = (store: CredentialStore, fields: Fields): CredentialStore =>
	Object.fromEntries(
		Object.entries(store).map(([type, data]) => [type, { ...data, ...fields }]),
	);

const SECRET_FIELDS = [
	'sessionToken',
	'sessionLogin',
	'password',
	'applicationCredentialSecret',
	'secretKey',
	'securityToken',
];

function secretsOf(store: CredentialStore, received: Received[]): string[] {
	const kept = Object.values(store).flatMap((data) => SECRET_FIELDS.map((field) => data[field]));
	const sent = received.flatMap(({ headers }) => [
		headers['x-auth-token'],
		headers['x-security-token'],
		/Signature=(\w+)/.exec(String(headers.authorization))?.[1],
	]);
	return [...kept, ...sent].filter((one): one is string => typeof one === 'string' && one !== '');
}

function expectNoSecrets(result: RunResult, store: CredentialStore, received: Received[]) {
	const { output, errorOutput, hints, error, nodes, requests } = result;
	for (const secret of secretsOf(store, received)) secrets.add(secret);
	for (const secret of new Set([...CANARIES, ...secretsOf(store, received)])) {
		const shown = { output, errorOutput, hints, error, nodes, requests };
		const places = placesOf(secret, shown);
		if (places.length > 0) throw new Error(`${secret} is shown in ${places.join(', ')}`);
	}
}

/** To be called in the last test of a file: what was printed has none of its secrets. */
export function expectCleanLog() {
	const printed = logs.lines.join('\n');
	expect(logs.lines.length).toBeGreaterThan(20);
	expect([...secrets].filter((secret) => printed.includes(secret))).toEqual([]);
}

/** A server's or cloud's way to say no, which every failed item has to tell in the same words. */
export const whyOf = ({ message }: ItemError) => message.replace(/^Server \S+ .*?[:,] (because )?/, '');
