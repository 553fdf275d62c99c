import { readTopic } from '../../../../nodes/cloud/alarms/topic';

const URN = 'urn:smn:eu-de:0123456789abcdef0123456789abcdef:n8n-alarms';

it.each([
	[URN, 'eu-de'],
	['urn:smn:eu-west-101:p:alarms', 'eu-west-101'],
	['urn:smn:cn-north-4:p:Alarms_of-web', 'cn-north-4'],
	['urn:smn:region1:p:alarms', 'region1'],
])('%s is a topic in %s', (urn, region) => {
	expect(readTopic(urn)).toEqual({ urn, region });
});

it('blanks around it, as copying leaves them, are no part of it', () => {
	expect(readTopic(`  ${URN}\n`)).toEqual({ urn: URN, region: 'eu-de' });
});

it.each([
	['nothing', ''],
	['a name alone', 'n8n-alarms'],
	['that of another service', URN.replace('smn', 'ces')],
	['one without a project', 'urn:smn:eu-de::n8n-alarms'],
	['one without a name', 'urn:smn:eu-de:p:'],
	['one that ends with the project', 'urn:smn:eu-de:p'],
	['that of a subscription to the topic', `${URN}:0a1b2c3d`],
	['one with a blank inside', 'urn:smn:eu-de:p:n8n alarms'],
	['two of them', `${URN} ${URN}`],
	['one in text', `see ${URN}`],
	['one in capitals', URN.toUpperCase()],
	['one whose region would lead to another host', 'urn:smn:evil.example/:p:alarms'],
	['one whose region begins with a hyphen', 'urn:smn:-de:p:alarms'],
	['one whose region ends with a hyphen', 'urn:smn:eu-:p:alarms'],
])('%s is none', (_what, text) => {
	expect(readTopic(text)).toBeUndefined();
});
