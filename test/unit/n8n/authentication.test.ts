import { type ICredentialDataDecryptedObject, type INode, NodeHelpers } from 'n8n-workflow';

import { ElasticCloudServerAccessKeyApi } from '../../../credentials/ElasticCloudServerAccessKeyApi.credentials';
import { ElasticCloudServerLoginApi } from '../../../credentials/ElasticCloudServerLoginApi.credentials';
import { ElasticCloudServerTokenApi } from '../../../credentials/ElasticCloudServerTokenApi.credentials';
import { accessKeyMark } from '../../../nodes/cloud/access/access-key';
import { InvalidCredential, readAccount } from '../../../nodes/cloud/access/account';
import { loginMark, userMark } from '../../../nodes/cloud/access/login/session-token';
import { placeOf } from '../../../nodes/cloud/access/mark';
import { tokenMark } from '../../../nodes/cloud/access/token';
import { sharedBy } from '../../../nodes/cloud/process/sharing';
import { AUTHENTICATIONS, presetAuthentication } from '../../../nodes/n8n/authentication';
import { ElasticCloudServer } from '../../../nodes/ElasticCloudServer/ElasticCloudServer.node';
import { answered } from '../answers';
import { VirtualClock } from '../virtual-clock';

const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
/** Not a secret: n8n's lint rule takes any longer text beside such a name for one. */
const PASS = ['hush', 'hush', 'hush'].join('-');
const CREDENTIAL: ICredentialDataDecryptedObject = {
	cloud: 'otc-eu-de',
	projectId: PROJECT,
	token: PASS,
	loginMethod: 'password',
	domainName: 'domain',
	userName: 'user',
	password: PASS,
	accessKey: 'QTWAOYT',
	secretKey: PASS,
};
const WAYS = ['token', 'login', 'accessKey'];

const { description } = new ElasticCloudServer();

test('there are three ways, by the names that saved workflows rely on', () => {
	expect(Object.keys(AUTHENTICATIONS).sort()).toEqual([...WAYS].sort());
	const parameter = description.properties.find(({ name }) => name === 'authentication');
	expect(parameter?.default).toBe('login');
	expect(parameter?.options?.map((option) => (option as { value: string }).value).sort()).toEqual(
		[...WAYS].sort(),
	);
});

test('each has its credential, and the node asks for that one', () => {
	const types = [
		new ElasticCloudServerTokenApi(),
		new ElasticCloudServerLoginApi(),
		new ElasticCloudServerAccessKeyApi(),
	];
	expect(WAYS.map((way) => AUTHENTICATIONS[way].credentialType)).toEqual(
		types.map(({ name }) => name),
	);
	expect(description.credentials).toHaveLength(3);
	for (const way of WAYS) {
		expect(description.credentials).toContainEqual({
			name: AUTHENTICATIONS[way].credentialType,
			required: true,
			testedBy: 'testCredential',
			displayOptions: { show: { authentication: [way] } },
		});
	}
});

test.each(WAYS)('a credential that is filled in passes the check: %s', (way) => {
	expect(() => AUTHENTICATIONS[way].check({ ...CREDENTIAL })).not.toThrow();
});

test.each([
	['token', 'token'],
	['login', 'domainName'],
	['login', 'userName'],
	['login', 'password'],
	['login', 'projectId'],
	['accessKey', 'accessKey'],
	['accessKey', 'secretKey'],
])('%s needs %s', (way, field) => {
	const check = () => AUTHENTICATIONS[way].check({ ...CREDENTIAL, [field]: '' });
	expect(check).toThrow(InvalidCredential);
});

describe('a refusal', () => {
	const explain = (way: string) =>
		AUTHENTICATIONS[way].explainRefusal(
			answered(401, '', { date: new Date().toUTCString() }),
			CREDENTIAL,
		);

	test.each([
		['token', /the token/, /new token.*24 hours/],
		['login', /login had just given/, /cloud, or the endpoints of a custom one,.*project ID/],
		['accessKey', /access key QTWA…/, /secret key/],
	])('of %s says what to check', (way, why, hint) => {
		expect(explain(way).why).toMatch(why);
		expect(explain(way).hint).toMatch(hint);
	});

	test.each(WAYS)('of %s shows no secret', (way) => {
		expect(JSON.stringify(explain(way))).not.toContain(PASS);
	});

	test('of an access key compares the clocks of this very moment', () => {
		const { why } = AUTHENTICATIONS.accessKey.explainRefusal(
			answered(401, '', { date: new Date(Date.now() - 3_600_000).toUTCString() }),
			CREDENTIAL,
		);
		expect(why).toMatch(/clock of this machine is 3\d{3} seconds ahead of/);
	});
});

const PLACE = placeOf(readAccount(CREDENTIAL));

test.each([
	['a token', 'token', tokenMark(CREDENTIAL), PLACE],
	['an access key', 'accessKey', accessKeyMark(CREDENTIAL), PLACE],
	['a login', 'login', userMark(CREDENTIAL), loginMark(CREDENTIAL)],
	['the token that a login had just given', 'login', userMark(CREDENTIAL), PLACE],
])('%s that was refused may be tried again', (_, way, mark, place) => {
	const sharing = sharedBy(new VirtualClock());
	const { refusals } = sharing.proofs.at(mark);
	refusals.note(place, { message: 'refused' });
	expect(refusals.standing(place)).toBeDefined();

	AUTHENTICATIONS[way].forgetRefusal(CREDENTIAL, sharing);

	expect(refusals.standing(place)).toBeUndefined();
});

test.each([
	[1, 'token'],
	[1.1, 'login'],
])(
	'a workflow saved with version %d, which names none as it is the default, keeps %s',
	(typeVersion, way) => {
		const node = { typeVersion } as INode;
		const read = NodeHelpers.getNodeParameters(
			description.properties,
			{},
			true,
			false,
			node,
			description,
		);
		expect(read?.authentication).toBe(way);
		expect(presetAuthentication(node)).toBe(way);
	},
);
