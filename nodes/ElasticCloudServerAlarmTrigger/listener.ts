import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { addressesOf, type CloudAddresses } from '../cloud/alarms/addresses';
import { type Choice, readNames } from '../cloud/alarms/choice';
import type { Listener } from '../cloud/alarms/receive';
import { readTopic, type Topic } from '../cloud/alarms/topic';

type Context = IHookFunctions | IWebhookFunctions;

/** What the trigger listens to, by its parameters. */
export function listener(context: Context): Listener {
	const topic = readTopic(text(context, 'topicUrn'));
	return {
		id: [context.getWorkflow().id, context.getNode().id, context.getMode()].join(':'),
		topic,
		cloud: topic && cloudOf(context, topic),
		choice: choice(context),
	};
}

/** Why the trigger could never start anything, or undefined if it can. */
export function whatIsWrong(
	context: Context,
): { message: string; description: string } | undefined {
	const topic = readTopic(text(context, 'topicUrn'));
	if (topic === undefined)
		return {
			message: "'Topic URN' is not the URN of a topic",
			description:
				'Copy it from the topic in the SMN console: urn:smn:<region>:<project>:<name> [invalidInput]',
		};
	if (cloudOf(context, topic) === undefined)
		return {
			message: "'SMN Domain' or 'Console Domain' is not a domain",
			description: 'Give a domain only, such as hc.cloud.ru and console.hc.cloud.ru [invalidInput]',
		};
	if (choice(context).events.length === 0)
		return {
			message: "'Events' is empty",
			description: 'Choose what to start the workflow for [invalidInput]',
		};
	return undefined;
}

function cloudOf(context: Context, topic: Topic): CloudAddresses | undefined {
	return addressesOf(text(context, 'cloud'), topic, {
		smnDomain: text(context, 'smnDomain'),
		consoleDomain: text(context, 'consoleDomain'),
	});
}

function choice(context: Context): Choice {
	const events = context.getNodeParameter('events', []);
	const maxAge = Number(context.getNodeParameter('options.maxAge', 60));
	return {
		events: Array.isArray(events) ? events.map(String) : [],
		eventNames: readNames(text(context, 'eventIds')),
		onlyServers: context.getNodeParameter('options.onlyServers', true) !== false,
		maxAgeMinutes: Number.isNaN(maxAge) ? 60 : maxAge,
	};
}

function text(context: Context, name: string): string {
	return String(context.getNodeParameter(name, '') ?? '');
}
