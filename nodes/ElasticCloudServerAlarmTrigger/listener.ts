import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { addressesOf, type CloudAddresses } from '../cloud/alarms/addresses';
import type { Choice } from '../cloud/alarms/choice';
import { KINDS } from '../cloud/alarms/notice';
import type { Listener } from '../cloud/alarms/receive';
import { readTopic, type Topic } from '../cloud/alarms/topic';
import { toAnyWords, toNumber, toText } from '../cloud/api/values';
import { asEvents, asSwitch, InvalidValue } from '../n8n/parameters';

type Context = IHookFunctions | IWebhookFunctions;

/**
 * What the trigger listens to, by its parameters.
 * @throws InvalidValue for one that means nothing in its field, or whatever an expression throws.
 */
export function readListener(context: Context): Listener {
	const topic = readTopicUrn(context);
	return {
		id: [context.getWorkflow().id, context.getNode().id, context.getMode()].join(' '),
		topic,
		cloud: readCloud(context, topic),
		choice: readChoice(context),
	};
}

function readTopicUrn(context: Context): Topic {
	const topic = readTopic(readText(context, 'topicUrn'));
	if (topic) return topic;
	throw new InvalidValue(
		"'Topic URN' is not the URN of a topic",
		'Copy it from the topic in the SMN console: urn:smn:<region>:<project>:<name>',
	);
}

function readCloud(context: Context, topic: Topic): CloudAddresses {
	const cloud = readText(context, 'cloud', 'otc');
	const domains = {
		smnDomain: readText(context, 'smnDomain'),
		consoleDomain: readText(context, 'consoleDomain'),
	};
	const addresses = addressesOf(cloud, topic, domains);
	if (addresses) return addresses;
	if (cloud !== 'custom') {
		throw new InvalidValue("'Cloud' must be custom, flexibleEngine, huawei or otc");
	}
	throw new InvalidValue(
		"'SMN Domain' or 'Console Domain' is not a domain",
		'Give the domains alone, such as hc.cloud.ru and console.hc.cloud.ru',
	);
}

function readChoice(context: Context): Choice {
	return {
		events: asEvents(context.getNodeParameter('events', ['alarm', 'systemEvent']), KINDS),
		eventNames: readNames(context.getNodeParameter('eventIds', '')),
		onlyServers: asSwitch(
			context.getNodeParameter('options.onlyServers', true),
			'Only About Servers',
		),
		maxAgeMinutes: readMaxAge(context.getNodeParameter('options.maxAge', 60)),
	};
}

function readNames(value: unknown): string[] {
	const names = toAnyWords(value);
	if (names) return names;
	throw new InvalidValue("'Event Names' must be names with commas between them");
}

function readMaxAge(value: unknown): number {
	const minutes = toNumber(value);
	if (minutes !== undefined && minutes >= 5 && minutes <= 2880) return minutes;
	throw new InvalidValue("'Max Age' must be from 5 to 2880 minutes");
}

function readText(context: Context, name: string, preset = ''): string {
	return toText(context.getNodeParameter(name, preset)) ?? '';
}
