import type { IDataObject, IHttpRequestHelper } from 'n8n-workflow';

import { LoginFailed } from '../../../../../nodes/cloud/access/login/login-answer';
import { currentSession, loginMark } from '../../../../../nodes/cloud/access/login/session-token';
import {
	mergesSession,
	storedRefusal,
	storeRefusal,
	tokenToSend,
} from '../../../../../nodes/cloud/access/login/stored-refusal';
import { OTHER_PROJECT } from '../../../projects';
import { CREDENTIAL, SESSION } from './logins';

type Credential = Parameters<typeof storedRefusal>[0];
const FAULT = { message: 'wrong', httpStatus: 401, explanation: { why: 'refused', hint: 'Check' } };
const REFUSAL = { mark: loginMark(CREDENTIAL as Credential), fault: FAULT, date: 7 };
const stored = (more: IDataObject = {}) =>
	({ ...CREDENTIAL, ...storeRefusal(REFUSAL), ...more }) as Credential;

describe('a refusal in place of a session', () => {
	test('is read as it was stored', () => {
		expect(storedRefusal(stored())).toEqual(REFUSAL);
	});

	test('is no session', () => {
		expect(currentSession(stored())).toBe('');
	});

	test.each([{ password: 'corrected' }, { userName: 'other' }, { projectId: OTHER_PROJECT }])(
		'is none of a credential that was corrected: %j',
		(change) => {
			expect(storedRefusal(stored(change))).toBeUndefined();
		},
	);

	test('is none of a credential that cannot be used', () => {
		expect(storedRefusal(stored({ password: '' }))).toBeUndefined();
	});

	test.each([
		'',
		REFUSAL.mark,
		undefined,
		7,
		'{',
		'{}',
		'[]',
		JSON.stringify({ ...REFUSAL, date: '7' }),
		JSON.stringify({ ...REFUSAL, fault: null }),
		JSON.stringify({ ...REFUSAL, fault: {} }),
	])('is none: %j', (sessionTokenOwner) => {
		expect(storedRefusal(stored({ sessionTokenOwner }))).toBeUndefined();
	});
});

describe('the token to put on a request', () => {
	test('is that of the session', () => {
		const session = { sessionToken: SESSION, sessionTokenOwner: REFUSAL.mark };
		expect(tokenToSend(stored(session))).toBe(SESSION);
	});

	test('is none after a refused login, in the words of the refusal', () => {
		const attempt = () => tokenToSend(stored());
		expect(attempt).toThrow(LoginFailed);
		expect(attempt).toThrow(
			expect.objectContaining({ reason: 'unauthorized', final: true, fault: FAULT }) as Error,
		);
	});

	test('is empty where n8n has none, and nobody was refused', () => {
		expect(tokenToSend({ ...CREDENTIAL, sessionToken: '' } as Credential)).toBe('');
	});
});

test('n8n merges a session into what is stored where it hands a login one helper alone', () => {
	const helpers = (names: string[]) =>
		Object.fromEntries(
			names.map((name) => [name, async () => undefined]),
		) as unknown as IHttpRequestHelper['helpers'];
	expect(mergesSession(helpers(['httpRequest']))).toBe(true);
	expect(mergesSession(helpers(['httpRequest', 'request']))).toBe(false);
});
