import type {
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	INode,
	INodeCredentialDescription,
	INodeProperties,
} from 'n8n-workflow';

import { readAccount } from '../cloud/access/account';
import {
	accessKeyMark,
	authenticateWithAccessKey,
	explainRefusedKey,
	readAccessKey,
} from '../cloud/access/access-key';
import { asideOf } from '../cloud/access/aside';
import { loginRequest } from '../cloud/access/login/login-request';
import { withRenewal } from '../cloud/access/login/renewal';
import { currentSession, loginMark } from '../cloud/access/login/session-token';
import { placeOf } from '../cloud/access/mark';
import type { Refusals } from '../cloud/access/refusals';
import { withProof } from '../cloud/access/shared-proof';
import { authenticateWithToken, readToken, tokenMark } from '../cloud/access/token';
import type { Answered, Explanation } from '../cloud/api/answer';
import type { Client } from '../cloud/api/requests';
import { loginOf, type Sharing } from '../cloud/process/sharing';

/** One way to prove to the cloud who asks. */
export interface Authentication {
	credentialType: string;
	/** @throws InvalidCredential when the credential cannot prove anything. */
	check: (credential: ICredentialDataDecryptedObject) => void;
	explainRefusal: (answer: Answered, credential: ICredentialDataDecryptedObject) => Explanation;
	/**
	 * Puts the proof on a request, as the credential does that n8n asks.
	 * @throws InvalidCredential when the credential cannot be used, or would travel in clear.
	 */
	prove: (
		credential: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	) => IHttpRequestOptions;
	/** Adds what the way does by itself when the cloud refuses it, together with all executions of the process. */
	share: (send: Client, execution: Execution) => Client;
	/** Lets what the cloud has refused be tried again. */
	forgetRefusal: (credential: ICredentialDataDecryptedObject, sharing: Sharing) => void;
}

/** What one execution proves who asks with, and what it shares. */
export interface Execution {
	credential: ICredentialDataDecryptedObject;
	/** The credential as n8n has it stored now. */
	readAgain: () => Promise<ICredentialDataDecryptedObject>;
	sharing: Sharing;
	signal: AbortSignal;
}

type Shared = Pick<Authentication, 'share' | 'forgetRefusal'>;

const proving = (markOf: (credential: ICredentialDataDecryptedObject) => string): Shared => ({
	share(send, { credential, sharing, signal }) {
		const mark = markOf(credential);
		const place = placeOf(readAccount(credential));
		return withProof(send, { proof: () => sharing.proofs.at(mark), place, signal });
	},
	forgetRefusal(credential, { proofs }) {
		forgetPlace(proofs.at(markOf(credential)).refusals, credential);
	},
});

const renewing: Shared = {
	share(send, { credential, readAgain, sharing, signal }) {
		const mark = loginMark(credential);
		return withRenewal(send, credential, {
			login: loginOf(sharing, credential),
			place: placeOf(readAccount(credential)),
			signal,
			async readAgain() {
				try {
					const now = await readAgain();
					return loginMark(now) === mark ? now : undefined;
				} catch {
					return undefined;
				}
			},
		});
	},
	forgetRefusal(credential, sharing) {
		const { mark, refusals } = loginOf(sharing, credential)();
		refusals.forget(mark);
		forgetPlace(refusals, credential);
	},
};

function forgetPlace(refusals: Refusals, credential: ICredentialDataDecryptedObject): void {
	const place = placeOf(readAccount(credential));
	for (const one of [place, asideOf(place)]) refusals.forget(one);
}

/** What each value of the parameter `authentication` stands for. */
export const AUTHENTICATIONS: Readonly<Record<string, Authentication>> = {
	token: {
		credentialType: 'elasticCloudServerTokenApi',
		check: ({ token }) => readToken(token),
		prove: (credential, options) =>
			authenticateWithToken(credential, readToken(credential.token), options),
		...proving(tokenMark),
		explainRefusal: () => ({
			why: 'the cloud refused the token',
			hint: 'Get a new token (it lives 24 hours) and put it into the credential, and check that it belongs to this cloud and region. A schedule needs a credential that logs in by itself, or an access key',
		}),
	},
	login: {
		credentialType: 'elasticCloudServerLoginApi',
		check: loginRequest,
		prove: (credential, options) =>
			authenticateWithToken(credential, currentSession(credential), options),
		explainRefusal: () => ({
			why: 'the cloud refused the token that the login had just given',
			hint: 'Check that the cloud, or the endpoints of a custom one, and the project ID in the credential belong to the same cloud and region',
		}),
		...renewing,
	},
	accessKey: {
		credentialType: 'elasticCloudServerAccessKeyApi',
		check: readAccessKey,
		prove: (credential, options) => authenticateWithAccessKey(credential, options),
		...proving(accessKeyMark),
		explainRefusal: (answer, credential) => explainRefusedKey(answer, credential, new Date()),
	},
};

/** The credentials of a node, each shown with its own value of `authentication`. */
export const credentials: INodeCredentialDescription[] = Object.entries(AUTHENTICATIONS).map(
	([authentication, { credentialType }]) => ({
		name: credentialType,
		required: true,
		displayOptions: { show: { authentication: [authentication] } },
	}),
);

export const authenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	options: [
		{ name: 'Access Key (AK/SK)', value: 'accessKey' },
		{ name: 'Login', value: 'login' },
		{ name: 'Token', value: 'token' },
	],
	default: 'login',
	description: 'How to prove to the cloud who asks',
};

/**
 * What a node means whose workflow names none: n8n saves no value that is the default, and in version 1 of
 * Elastic Cloud Server that was the token.
 */
export function presetAuthentication({ typeVersion }: Pick<INode, 'typeVersion'>): string {
	return typeVersion === 1 ? 'token' : 'login';
}

/** The same field in both versions of Elastic Cloud Server: in a saved workflow the default stays what it was. */
export const authenticationFields: INodeProperties[] = [
	{ ...authenticationField, displayOptions: { hide: { '@version': [1] } } },
	{ ...authenticationField, default: 'token', displayOptions: { show: { '@version': [1] } } },
];
