import {
	canonicalRequest,
	parseAuthorization,
	sha256,
	signatureOf,
} from '../../../simulator/signature';

/** The sample key of the cloud's own signing guide. */
const SAMPLE_SK = 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc';
const DATE = '20191115T033655Z';
const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
const SERVER = '616fb98f-46ca-475e-917e-2563e5a8cd19';
const START_PATH = `/v2.1/${PROJECT}/servers/${SERVER}/action`;

interface Vector {
	name: string;
	method: string;
	path: string;
	rawQuery?: string;
	headers: Record<string, string>;
	body?: string;
	canonicalHash?: string;
	signature: string;
}

/** The first two are published by the cloud, the others were computed from its rules by hand. */
const vectors: Vector[] = [
	{
		name: 'a GET with a query',
		method: 'GET',
		path: `/v1/${PROJECT}/vpcs`,
		rawQuery: 'limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
		headers: { 'content-type': 'application/json', host: 'service.region.example.com' },
		canonicalHash: 'b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a',
		signature: '7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
	},
	{
		name: 'a GET without a query',
		method: 'GET',
		path: `/v1/${PROJECT}/vpcs`,
		headers: {
			'content-type': 'application/json',
			host: 'service.test-region-1.myhuaweicloud.com',
		},
		signature: '4a30e690c3032a1975323588d79e858f188834f91df411a47ada7def6ad8081f',
	},
	{
		name: 'a start',
		method: 'POST',
		path: START_PATH,
		headers: {
			'content-type': 'application/json',
			host: 'ecs.eu-de.otc.t-systems.com',
			'x-project-id': PROJECT,
		},
		body: '{"os-start":{}}',
		canonicalHash: 'e23e38aa0e9926ecdc9b5d0783602630dcdccca4a5a37860b5dca8271b09d95c',
		signature: 'ae31e0ac2b840a7d66716cf86bcab854a51eb5c481ff1407f1e2f777d00f8329',
	},
	{
		name: 'a start with a temporary key',
		method: 'POST',
		path: START_PATH,
		headers: {
			'content-type': 'application/json',
			host: 'ecs.eu-de.otc.t-systems.com',
			'x-project-id': PROJECT,
			'x-security-token': 'TESTTOKEN',
		},
		body: '{"os-start":{}}',
		canonicalHash: '4c094fefac796f60f43113e8b39e7c7267f804d25af5d00f102b6e6162a307e0',
		signature: '583a62d871ef1fa8a1b16393b0aba650d029cc423d21c8e554cfda0b0e9890c2',
	},
	{
		name: 'a query to be encoded and sorted',
		method: 'GET',
		path: `/v1/${PROJECT}/cloudservers/detail`,
		rawQuery: 'name=web%20server&limit=2&not-tags=&tags=a,b',
		headers: { 'content-type': 'application/json', host: 'ecs.eu-de.otc.t-systems.com' },
		canonicalHash: '80f119c2eb23a2882e9298fac628d2ea21c3361f5352e4c6144c2047f8a82a97',
		signature: '6b9ac1498460c63f6b2928c740b2a5b86d73c405c4f9b4af468fb3d17792cc0c',
	},
];

describe('The signature that the cloud expects', () => {
	test.each(vectors)('of $name', ({ method, path, rawQuery = '', headers, body, ...expected }) => {
		const request = {
			method,
			path,
			rawQuery,
			headers: { ...headers, 'x-sdk-date': DATE },
			body: Buffer.from(body ?? ''),
		};
		const canonical = canonicalRequest(request, Object.keys(request.headers));

		if (expected.canonicalHash) expect(sha256(canonical)).toBe(expected.canonicalHash);
		expect(signatureOf(SAMPLE_SK, DATE, canonical)).toBe(expected.signature);
	});

	test('the header is taken apart, and any other form refused', () => {
		const signature = 'a'.repeat(64);
		expect(
			parseAuthorization(
				`SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=${signature}`,
			),
		).toEqual({ accessKey: 'AK', signedHeaders: ['host', 'x-sdk-date'], signature });
		expect(parseAuthorization(`SDK-HMAC-SHA256, Access=AK, Signature=${signature}`)).toBeNull();
		expect(parseAuthorization(undefined)).toBeNull();
	});
});
