import {
	addressesOf,
	isCertificateAddress,
	isConfirmationLink,
	redirectWithin,
} from '../../../../nodes/cloud/alarms/addresses';
import { readTopic } from '../../../../nodes/cloud/alarms/topic';
import { CLOUD, TOPIC } from './world';

const HEX = '0123456789abcdef0123456789abcdef';
const FILE = `SMN_eu-de_${HEX}.pem`;
const GOOD = `https://smn.eu-de.otc.t-systems.com/smn/${FILE}`;
const QUERY = `token=0&topic_urn=${TOPIC.urn}&region=eu-de`;
const LINK = `https://console.otc.t-systems.com/smn/subscription/confirm?${QUERY}`;

const topicIn = (region: string) => readTopic(`urn:smn:${region}:p:alarms`)!;
const none = { smnDomain: '', consoleDomain: '' };

describe('the address of a certificate', () => {
	it.each([
		['otc', 'eu-de', 'smn.eu-de.otc.t-systems.com'],
		['otc', 'eu-nl', 'smn.eu-nl.otc.t-systems.com'],
		['otc', 'eu-ch2', 'smn.eu-ch2.sc.otc.t-systems.com'],
		['huawei', 'cn-north-4', 'smn.cn-north-4.myhuaweicloud.com'],
		['huawei', 'eu-west-101', 'smn.eu-west-101.myhuaweicloud.eu'],
		['flexibleEngine', 'eu-west-0', 'smn.eu-west-0.prod-cloud-ocb.orange-business.com'],
	])('of %s in %s is on %s', (cloud, region, host) => {
		const topic = topicIn(region);
		const url = `https://${host}/smn/SMN_${region}_${HEX}.pem`;
		expect(isCertificateAddress(url, topic, addressesOf(cloud, topic, none)!)).toBe(true);
	});

	it.each([
		['http', GOOD.replace('https', 'http')],
		['a look-alike before', GOOD.replace('smn.eu-de', 'evil-smn.eu-de')],
		['a look-alike behind', GOOD.replace('t-systems.com', 't-systems.com.evil.example')],
		['a dot that is none', GOOD.replace('otc.t', 'otcxt')],
		['user info', GOOD.replace('https://', 'https://smn.eu-de.otc.t-systems.com@evil.example/')],
		['a user', GOOD.replace('https://', 'https://user@')],
		['a port', GOOD.replace('.com/', '.com:8443/')],
		['the usual port', GOOD.replace('.com/', '.com:443/')],
		['a query', `${GOOD}?x`],
		['a fragment', `${GOOD}#x`],
		['a way up', GOOD.replace('/smn/', '/smn/../smn/')],
		['another folder', GOOD.replace('/smn/', '/other/')],
		['a backslash', GOOD.replace('.com/', '.com\\@evil.example/')],
		['another region of the host', GOOD.replace('smn.eu-de', 'smn.eu-nl')],
		['another region of the file', GOOD.replace('SMN_eu-de', 'SMN_eu-nl')],
		['another name', GOOD.replace(HEX, HEX.slice(1))],
		['a new line', `${GOOD}\n`],
		['a space', ` ${GOOD}`],
		['nothing', ''],
	])('has not %s', (_what, url) => {
		expect(isCertificateAddress(url, TOPIC, CLOUD)).toBe(false);
	});

	it('of a custom cloud may lie in the root', () => {
		const cloud = addressesOf('custom', TOPIC, {
			smnDomain: ' HC.cloud.ru',
			consoleDomain: 'console.hc.cloud.ru',
		})!;
		for (const folder of ['/', '/smn/']) {
			const url = `https://smn.eu-de.hc.cloud.ru${folder}${FILE}`;
			expect(isCertificateAddress(url, TOPIC, cloud)).toBe(true);
		}
	});

	it.each(['', 'https://hc.cloud.ru', 'hc.cloud.ru/x', 'hc', 'a@b.c'])(
		'is nowhere if the domain is %j',
		(domain) => {
			const custom = { smnDomain: domain, consoleDomain: 'console.hc.cloud.ru' };
			expect(addressesOf('custom', TOPIC, custom)).toBeUndefined();
		},
	);

	it.each(['', 'constructor', 'aws'])('is nowhere if the cloud is %j', (cloud) => {
		expect(addressesOf(cloud, TOPIC, none)).toBeUndefined();
	});
});

describe('the link that confirms', () => {
	it.each(['console.', 'eu-de-console.', 'de.console.'])(
		'may be on %sotc.t-systems.com',
		(host) => {
			expect(isConfirmationLink(LINK.replace('console.', host), TOPIC, CLOUD)).toBe(true);
		},
	);

	it.each([
		['http', LINK.replace('https', 'http')],
		['a user', LINK.replace('https://', 'https://user@')],
		['a port', LINK.replace('.com/', '.com:8443/')],
		['a look-alike host', LINK.replace('console.otc', 'evilconsole.otc')],
		['a look-alike domain', LINK.replace('.com/', '.com.evil.example/')],
		["another region's console", LINK.replace('console.', 'eu-nl-console.')],
		['another path', LINK.replace('confirm', 'unsubscribe')],
		['a way up', LINK.replace('confirm?', 'confirm/../unsubscribe?')],
		['an encoded way up', LINK.replace('confirm?', 'confirm/%2e%2e/unsubscribe?')],
		['another topic', LINK.replace('n8n-alarms', 'other')],
		['two topics', `${LINK}&topic_urn=urn:smn:eu-de:p:other`],
		['no topic', LINK.replace('topic_urn', 'topic')],
		['a fragment', `${LINK}#x`],
		['a backslash', LINK.replace('.com/', '.com\\@evil.example/')],
		['nothing', ''],
	])('has not %s', (_what, link) => {
		expect(isConfirmationLink(link, TOPIC, CLOUD)).toBe(false);
	});

	it.each([
		['/smn/done', 'https://console.otc.t-systems.com/smn/done'],
		['https://eu-de-console.otc.t-systems.com/x', 'https://eu-de-console.otc.t-systems.com/x'],
		['https://evil.example/', undefined],
		['//evil.example/', undefined],
		['http://console.otc.t-systems.com/', undefined],
		['https://user@console.otc.t-systems.com/', undefined],
		['https://console.otc.t-systems.com:8443/', undefined],
		['https://', undefined],
	])('may lead on to %s: %s', (location, expected) => {
		expect(redirectWithin(CLOUD, LINK, location)).toBe(expected);
	});
});

it.each([
	'',
	'urn:smn:eu-de:p',
	'urn:smn::p:t',
	'urn:smn:EU:p:t',
	'urn:smn:a.b:p:t',
	'urn:smn:a/b:p:t',
])('%j is no topic', (urn) => {
	expect(readTopic(urn)).toBeUndefined();
});
