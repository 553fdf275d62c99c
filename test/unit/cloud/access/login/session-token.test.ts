import type { IDataObject } from 'n8n-workflow';

import { currentSession, loginMark } from '../../../../../nodes/cloud/access/login/session-token';
import { OTHER_PROJECT } from '../../../projects';
import { APPLICATION, CREDENTIAL, CUSTOM, PASS, PROJECT, SESSION } from './logins';

type Credential = Parameters<typeof loginMark>[0];
const markOf = (credential: IDataObject) => loginMark(credential as Credential);
const sessionOf = (credential: IDataObject) => currentSession(credential as Credential);

describe('the mark of a login', () => {
	test('tells nothing about the secrets in it', () => {
		expect(markOf(CREDENTIAL)).toMatch(/^[0-9a-f]{64}$/);
	});

	test.each([
		['cloud', CREDENTIAL, { cloud: 'otc-eu-nl' }],
		['projectId', CREDENTIAL, { projectId: OTHER_PROJECT }],
		['domainName', CREDENTIAL, { domainName: 'other' }],
		['userName', CREDENTIAL, { userName: 'other' }],
		['password', CREDENTIAL, { password: 'other' }],
		['a blank in the password', CREDENTIAL, { password: PASS.trim() }],
		['loginMethod', { ...APPLICATION, ...CREDENTIAL }, { loginMethod: 'applicationCredential' }],
		['applicationCredentialId', APPLICATION, { applicationCredentialId: 'other' }],
		['applicationCredentialSecret', APPLICATION, { applicationCredentialSecret: 'other' }],
		['iamEndpoint', CUSTOM, { iamEndpoint: 'https://other.example.com' }],
	])('changes with %s', (_, credential, change) => {
		expect(markOf({ ...credential, ...change })).not.toBe(markOf(credential));
	});

	test.each<[string, IDataObject, IDataObject]>([
		['the session itself', CREDENTIAL, { sessionToken: 'x', sessionTokenOwner: 'y' }],
		['blanks around a name', CREDENTIAL, { domainName: ' OTC00000000001000000447\n' }],
		['blanks around the project', CREDENTIAL, { projectId: ` ${PROJECT}` }],
		['the other method', CREDENTIAL, { applicationCredentialId: 'x' }],
		['the endpoints of another cloud', CREDENTIAL, { iamEndpoint: 'https://other.example.com' }],
		['the ECS endpoint', CUSTOM, { ecsEndpoint: 'https://other.example.com' }],
		[
			'another way to write the endpoint',
			CUSTOM,
			{ iamEndpoint: ' https://KEYSTONE.example.com:5000/v3/' },
		],
		['certificates', CUSTOM, { allowUnauthorizedCerts: true }],
		['plain http', CUSTOM, { allowHttp: true }],
		['a field of n8n', CREDENTIAL, { allowedHttpRequestDomains: 'all' }],
	])('stays with another value of %s', (_, credential, change) => {
		expect(markOf({ ...credential, ...change })).toBe(markOf(credential));
	});

	test('does not take two fields for another two', () => {
		const one = markOf({ ...CREDENTIAL, domainName: 'a', userName: 'bc' });
		expect(markOf({ ...CREDENTIAL, domainName: 'ab', userName: 'c' })).not.toBe(one);
	});
});

describe('the stored session', () => {
	const stored = (credential: IDataObject, more: IDataObject = {}) => ({
		...credential,
		sessionToken: SESSION,
		sessionTokenOwner: markOf(credential),
		...more,
	});

	test.each([CREDENTIAL, APPLICATION, CUSTOM])('is used (%#)', (credential) => {
		expect(sessionOf(stored(credential))).toBe(SESSION);
	});

	test.each([
		{ password: 'other' },
		{ userName: 'other' },
		{ projectId: OTHER_PROJECT },
		{ cloud: 'otc-eu-nl' },
		{ sessionTokenOwner: 'of another login' },
	])('is not, after the credential was edited: %j', (change) => {
		expect(sessionOf(stored(CREDENTIAL, change))).toBe('');
	});

	test.each([undefined, '', null, 7])('is none: %j', (sessionToken) => {
		expect(sessionOf(stored(CREDENTIAL, { sessionToken }))).toBe('');
	});

	test.each([undefined, ''])('without a mark (%j) is used: whose it is cannot be told', (mark) => {
		expect(sessionOf(stored(CREDENTIAL, { sessionTokenOwner: mark }))).toBe(SESSION);
	});
});
