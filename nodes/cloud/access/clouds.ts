/** A region of a cloud whose addresses are known. */
interface KnownCloud {
	value: string;
	title: string;
	ecsEndpoint: string;
	iamEndpoint: string;
}

/**
 * huaweicloud-sdk-nodejs-v3: services/ecs/v2/EcsRegion.ts and services/iam/v3/IamRegion.ts. Cities with several
 * regions have the number that the cloud's console shows.
 */
const HUAWEI_REGIONS: ReadonlyArray<readonly [region: string, place: string]> = [
	['ae-ad-1', 'Abu Dhabi'],
	['af-north-1', 'Cairo'],
	['af-south-1', 'Johannesburg'],
	['ap-southeast-1', 'Hong Kong'],
	['ap-southeast-2', 'Bangkok'],
	['ap-southeast-3', 'Singapore'],
	['ap-southeast-4', 'Jakarta'],
	['ap-southeast-5', 'Manila'],
	['cn-east-2', 'Shanghai 2'],
	['cn-east-3', 'Shanghai 1'],
	['cn-east-4', 'China East 2'],
	['cn-east-5', 'Qingdao'],
	['cn-north-1', 'Beijing 1'],
	['cn-north-12', 'China North 3'],
	['cn-north-2', 'Beijing 2'],
	['cn-north-4', 'Beijing 4'],
	['cn-north-9', 'Ulanqab 1'],
	['cn-south-1', 'Guangzhou'],
	['cn-south-2', 'Shenzhen'],
	['cn-southwest-2', 'Guiyang 1'],
	['eu-west-101', 'Dublin'],
	['la-north-2', 'Mexico City 2'],
	['la-south-2', 'Santiago'],
	['me-east-1', 'Riyadh'],
	['my-kualalumpur-1', 'Kuala Lumpur'],
	['na-mexico-1', 'Mexico City 1'],
	['sa-brazil-1', 'São Paulo 1'],
	['tr-west-1', 'Istanbul'],
];

/**
 * Dublin's hosts stand under another domain: so terraform-provider-huaweicloud (`provider.go`) builds them, and so
 * public files call ECS there, although the SDK names the usual one.
 */
const huaweiDomain = (region: string) =>
	region === 'eu-west-101' ? 'myhuaweicloud.eu' : 'myhuaweicloud.com';

/** Sorted by title, as n8n sorts its lists. */
export const KNOWN_CLOUDS: readonly KnownCloud[] = [
	{
		value: 'flexible-engine-eu-west-0',
		title: 'Flexible Engine, Paris (eu-west-0)',
		ecsEndpoint: 'https://ecs.eu-west-0.prod-cloud-ocb.orange-business.com',
		iamEndpoint: 'https://iam.eu-west-0.prod-cloud-ocb.orange-business.com',
	},
	...HUAWEI_REGIONS.map(([region, place]) => ({
		value: `huawei-${region}`,
		title: `Huawei Cloud, ${place} (${region})`,
		ecsEndpoint: `https://ecs.${region}.${huaweiDomain(region)}`,
		iamEndpoint: `https://iam.${region}.${huaweiDomain(region)}`,
	})).sort((a, b) => (a.title < b.title ? -1 : 1)),
	{
		value: 'otc-eu-de',
		title: 'Open Telekom Cloud / T Cloud Public, Germany (eu-de)',
		ecsEndpoint: 'https://ecs.eu-de.otc.t-systems.com',
		iamEndpoint: 'https://iam.eu-de.otc.t-systems.com',
	},
	{
		value: 'otc-eu-nl',
		title: 'Open Telekom Cloud / T Cloud Public, Netherlands (eu-nl)',
		ecsEndpoint: 'https://ecs.eu-nl.otc.t-systems.com',
		iamEndpoint: 'https://iam.eu-nl.otc.t-systems.com',
	},
	{
		value: 'otc-eu-ch2',
		title: 'Open Telekom Cloud / T Cloud Public, Switzerland (eu-ch2)',
		ecsEndpoint: 'https://ecs.eu-ch2.sc.otc.t-systems.com',
		iamEndpoint: 'https://iam-pub.eu-ch2.sc.otc.t-systems.com',
	},
];

/** The value of `cloud` with which the credential asks for the endpoints. */
export const CUSTOM_CLOUD = 'custom';
