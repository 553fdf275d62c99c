import type { Topic } from './topic';

/** Where a cloud serves certificates and confirms subscriptions. */
export interface CloudAddresses {
	/** The folders, each with its final slash, that the certificates of the topic's region lie in. */
	certificateFolders: string[];
	/** Whether a host, in lower case, is one of the console's. */
	isConsole(host: string): boolean;
}

/** The domains of a cloud that is none of the known ones. */
export interface CustomDomains {
	smnDomain: string;
	consoleDomain: string;
}

interface Domains {
	smn: string;
	console: string;
}

/** Cloud ID → its domains in a region. Flexible Engine's are not seen in a message yet. */
const KNOWN: Readonly<Record<string, (region: string) => Domains>> = {
	flexibleEngine: () => same('prod-cloud-ocb.orange-business.com'),
	huawei: (region) => ({
		smn: region === 'eu-west-101' ? 'myhuaweicloud.eu' : 'myhuaweicloud.com',
		console: 'huaweicloud.com',
	}),
	otc: (region) => same(region === 'eu-ch2' ? 'sc.otc.t-systems.com' : 'otc.t-systems.com'),
};

const DOMAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
const CERTIFICATE = /^(https:\/\/.*\/)SMN_([a-z0-9-]+)_[0-9a-fA-F]{32}\.pem$/;
/** Host, path and query, and nothing else: no user, port or fragment, nothing that parsers read differently. */
const PLAIN_ADDRESS = /^https:\/\/([a-z0-9.-]+)\/[^?#\\\s]*(?:\?[^#\\\s]*)?$/i;
const CONFIRM_PATH = '/smn/subscription/confirm';

/**
 * The addresses of a cloud for a topic, or undefined where the cloud or its domains mean nothing.
 * `cloud` is `flexibleEngine`, `huawei`, `otc` or `custom`.
 */
export function addressesOf(
	cloud: string,
	topic: Topic,
	custom: CustomDomains,
): CloudAddresses | undefined {
	if (cloud === 'custom') return customAddresses(topic, custom);
	if (!Object.hasOwn(KNOWN, cloud)) return undefined;
	const domains = KNOWN[cloud](topic.region);
	const main = `console.${domains.console}`;
	return {
		certificateFolders: [`https://smn.${topic.region}.${domains.smn}/smn/`],
		isConsole: (host) =>
			isOrBelow(host, main) || host === `${topic.region}-console.${domains.console}`,
	};
}

function customAddresses(topic: Topic, custom: CustomDomains): CloudAddresses | undefined {
	const smn = custom.smnDomain.trim().toLowerCase();
	const consoleDomain = custom.consoleDomain.trim().toLowerCase();
	if (!DOMAIN.test(smn) || !DOMAIN.test(consoleDomain)) return undefined;
	const host = `https://smn.${topic.region}.${smn}`;
	return {
		certificateFolders: [`${host}/`, `${host}/smn/`],
		isConsole: (other) => isOrBelow(other, consoleDomain),
	};
}

/** Whether the cloud itself keeps a certificate of the topic's region at this address. */
export function isCertificateAddress(url: string, topic: Topic, cloud: CloudAddresses): boolean {
	const [, folder = '', region = ''] = CERTIFICATE.exec(url) ?? [];
	return cloud.certificateFolders.includes(folder) && region === topic.region;
}

/** Whether this is the cloud's link to confirm a subscription to this very topic. */
export function isConfirmationLink(link: string, topic: Topic, cloud: CloudAddresses): boolean {
	const url = consoleUrl(link, cloud);
	if (url === undefined || !url.pathname.endsWith(CONFIRM_PATH)) return false;
	const topics = url.searchParams.getAll('topic_urn');
	return topics.length === 1 && topics[0] === topic.urn;
}

/** Where a redirect leads to, or undefined if that is not the cloud's console. */
export function redirectWithin(
	cloud: CloudAddresses,
	from: string,
	location: string,
): string | undefined {
	if (!URL.canParse(location, from)) return undefined;
	return consoleUrl(new URL(location, from).href, cloud)?.href;
}

function consoleUrl(text: string, cloud: CloudAddresses): URL | undefined {
	const host = PLAIN_ADDRESS.exec(text)?.[1].toLowerCase();
	if (host === undefined || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	return url.hostname === host && cloud.isConsole(host) ? url : undefined;
}

function isOrBelow(host: string, domain: string): boolean {
	return host === domain || host.endsWith(`.${domain}`);
}

function same(domain: string): Domains {
	return { smn: domain, console: domain };
}
