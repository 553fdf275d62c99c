import { CUSTOM_CLOUD, KNOWN_CLOUDS } from '../../../../nodes/cloud/access/clouds';

const cloud = (value: string) => KNOWN_CLOUDS.find((one) => one.value === value);

const HUAWEI = [
	'cn-north-1',
	'cn-north-2',
	'cn-north-4',
	'cn-north-9',
	'cn-north-12',
	'cn-east-2',
	'cn-east-3',
	'cn-east-4',
	'cn-east-5',
	'cn-south-1',
	'cn-south-2',
	'cn-southwest-2',
	'ap-southeast-1',
	'ap-southeast-2',
	'ap-southeast-3',
	'ap-southeast-4',
	'ap-southeast-5',
	'af-south-1',
	'af-north-1',
	'tr-west-1',
	'me-east-1',
	'la-north-2',
	'la-south-2',
	'sa-brazil-1',
	'na-mexico-1',
	'my-kualalumpur-1',
	'ae-ad-1',
	'eu-west-101',
];

test.each([
	['otc-eu-de', 'ecs.eu-de.otc.t-systems.com', 'iam.eu-de.otc.t-systems.com'],
	['otc-eu-nl', 'ecs.eu-nl.otc.t-systems.com', 'iam.eu-nl.otc.t-systems.com'],
	['otc-eu-ch2', 'ecs.eu-ch2.sc.otc.t-systems.com', 'iam-pub.eu-ch2.sc.otc.t-systems.com'],
	['huawei-eu-west-101', 'ecs.eu-west-101.myhuaweicloud.eu', 'iam.eu-west-101.myhuaweicloud.eu'],
	[
		'flexible-engine-eu-west-0',
		'ecs.eu-west-0.prod-cloud-ocb.orange-business.com',
		'iam.eu-west-0.prod-cloud-ocb.orange-business.com',
	],
])('%s has its own hosts', (value, ecs, iam) => {
	expect(cloud(value)).toMatchObject({
		ecsEndpoint: `https://${ecs}`,
		iamEndpoint: `https://${iam}`,
	});
});

test.each(HUAWEI.filter((region) => region !== 'eu-west-101'))('Huawei Cloud has %s', (region) => {
	expect(cloud(`huawei-${region}`)).toMatchObject({
		ecsEndpoint: `https://ecs.${region}.myhuaweicloud.com`,
		iamEndpoint: `https://iam.${region}.myhuaweicloud.com`,
	});
});

test('no other cloud is offered, and none twice', () => {
	expect(KNOWN_CLOUDS).toHaveLength(HUAWEI.length + 4);
	expect(new Set(KNOWN_CLOUDS.map(({ value }) => value)).size).toBe(KNOWN_CLOUDS.length);
	expect(new Set(KNOWN_CLOUDS.map(({ title }) => title)).size).toBe(KNOWN_CLOUDS.length);
	expect(cloud(CUSTOM_CLOUD)).toBeUndefined();
});

test('all are reached over https, at a host and nothing more', () => {
	for (const { ecsEndpoint, iamEndpoint } of KNOWN_CLOUDS) {
		expect(ecsEndpoint).toBe(new URL(ecsEndpoint).origin);
		expect(iamEndpoint).toBe(new URL(iamEndpoint).origin);
		expect(ecsEndpoint).toMatch(/^https:/);
		expect(iamEndpoint).toMatch(/^https:/);
	}
});

test.each([
	['huawei-na-mexico-1', 'Huawei Cloud, Mexico City 1 (na-mexico-1)'],
	['huawei-la-north-2', 'Huawei Cloud, Mexico City 2 (la-north-2)'],
	['otc-eu-de', 'Open Telekom Cloud / T Cloud Public, Germany (eu-de)'],
])('%s is found by each of its names', (value, title) => {
	expect(cloud(value)?.title).toBe(title);
});

test('no two places have the same name', () => {
	const places = KNOWN_CLOUDS.map(({ title }) => title.replace(/ \(.*/, ''));
	expect(new Set(places).size).toBe(places.length);
});

test('they are sorted by what the user reads', () => {
	const titles = KNOWN_CLOUDS.map(({ title }) => title);
	expect(titles).toEqual([...titles].sort());
});
