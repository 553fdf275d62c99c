import { isObject } from '../api/answer';
import { type Notification, parseJson } from './message';
import { isSystemEvent } from './system-events';
import type { Topic } from './topic';

export const KINDS = ['alarm', 'insufficientData', 'ok', 'other', 'systemEvent', 'trace'] as const;

export type Kind = (typeof KINDS)[number];

/** What a notification tells, as the workflow gets it. What is not known is null. */
export interface Notice {
	kind: Kind;
	serverId: string | null;
	serverName: string | null;
	name: string | null;
	severity: string | null;
	metric: string | null;
	value: string | null;
	requestedBy: string | null;
	at: string | null;
	sentAt: string;
	region: string;
	subject: string | null;
	messageId: string;
	topicUrn: string;
	/** The message, parsed, or its text. */
	details: object | string;
}

type Fields = Readonly<Record<string, unknown>>;
type Told = Pick<
	Notice,
	| 'kind'
	| 'serverId'
	| 'serverName'
	| 'name'
	| 'severity'
	| 'metric'
	| 'value'
	| 'requestedBy'
	| 'at'
>;

const NOTHING: Told = {
	kind: 'other',
	serverId: null,
	serverName: null,
	name: null,
	severity: null,
	metric: null,
	value: null,
	requestedBy: null,
	at: null,
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SERVER_DIMENSION =
	/(?:^|[^a-z_])(?:instance_id|resource_id)\s*:\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z-])/i;
const SERVER_NAMESPACES: unknown[] = [undefined, null, 'SYS.ECS', 'AGT.ECS'];
const SEVERITIES = ['critical', 'major', 'minor', 'informational'];
const STATUS_KINDS = new Map<unknown, Kind>([
	['alarm', 'alarm'],
	['ok', 'ok'],
	['insufficient_data', 'insufficientData'],
]);
const IS_ALARM_KINDS = new Map<unknown, Kind>([
	[true, 'alarm'],
	[false, 'ok'],
]);
const GMT_TIME = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) GMT([+-]\d\d:\d\d)$/;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** What a notification of the topic tells. Never throws: a message of any form tells something. */
export function readNotice(message: Notification, topic: Topic): Notice {
	const parsed = parseJson(message.message);
	const isStructured = typeof parsed === 'object' && parsed !== null;
	return {
		...(isObject(parsed) ? tell(parsed) : NOTHING),
		sentAt: message.timestamp,
		region: topic.region,
		subject: message.subject || null,
		messageId: message.message_id,
		topicUrn: topic.urn,
		details: isStructured ? parsed : message.message,
	};
}

function tell(fields: Fields): Told {
	if (isEvent(fields)) return tellAlarm(fields, 'systemEvent');
	if (text(fields.trace_name) !== null && text(fields.trace_id) !== null) return tellTrace(fields);
	const { data } = fields;
	if (fields.version === 'v1' && isObject(data)) return tellTemplate(data);
	return tellAlarm(fields, STATUS_KINDS.get(fields.alarm_status) ?? 'other');
}

/** No published example of a system event: what Cloud Eye's API says of such rules, whichever part shows. */
function isEvent({ type, alarm_type, message_type, metric_name }: Fields): boolean {
	return (
		type === 'EVENT.SYS' ||
		alarm_type === 'EVENT.SYS' ||
		message_type === 'event' ||
		isSystemEvent(text(metric_name) ?? '')
	);
}

/** The classic form, whose outer fields are the same in every language. */
function tellAlarm(fields: Fields, kind: Kind): Told {
	const shown = isObject(fields.template_variable) ? fields.template_variable : {};
	const metric = text(fields.metric_name);
	const rule = text(fields.alarm_name) ?? text(shown.AlarmRuleName);
	const isAboutServer = SERVER_NAMESPACES.includes(fields.namespace);
	const found = SERVER_DIMENSION.exec(text(fields.dimension) ?? '')?.[1] ?? shown.ResourceId;
	return {
		...NOTHING,
		...server(isAboutServer ? found : null, shown.ResourceName),
		kind,
		name: kind === 'systemEvent' ? (metric ?? rule) : rule,
		severity: severity(shown.AlarmLevel),
		metric: kind === 'systemEvent' ? null : metric,
		value: text(shown.CurrentData) ?? lastValue(fields.alarmValue),
		at: time(fields.time),
	};
}

/** Template v1 is translated all through and names no namespace. */
function tellTemplate(data: Fields): Told {
	return {
		...NOTHING,
		...server(data.ResourceId, data.ResourceName),
		kind: IS_ALARM_KINDS.get(data.IsAlarm) ?? 'other',
		name: text(data.AlarmRuleName),
		severity: severity(data.AlarmLevel),
		metric: text(data.MetricName),
		value: text(data.CurrentData),
		at: time(data.AlarmTime),
	};
}

/** A trace of Cloud Trace Service; its user may be an object or the JSON of one. */
function tellTrace(trace: Fields): Told {
	const user = typeof trace.user === 'string' ? parseJson(trace.user) : trace.user;
	const isAboutServer = text(trace.service_type)?.toUpperCase() === 'ECS';
	return {
		...NOTHING,
		...server(isAboutServer ? trace.resource_id : null, trace.resource_name),
		kind: 'trace',
		name: text(trace.trace_name),
		requestedBy: isObject(user) ? text(user.name) : null,
		at: time(trace.time),
	};
}

function server(id: unknown, name: unknown): Pick<Told, 'serverId' | 'serverName'> {
	if (typeof id !== 'string' || !UUID.test(id)) return { serverId: null, serverName: null };
	return { serverId: id.toLowerCase(), serverName: text(name) };
}

function severity(level: unknown): string | null {
	const word = text(level)?.toLowerCase() ?? '';
	return SEVERITIES.includes(word) ? word : null;
}

function lastValue(values: unknown): string | null {
	const last: unknown = Array.isArray(values) ? values.at(-1) : undefined;
	const value = isObject(last) ? last.value : undefined;
	return typeof value === 'number' ? String(value) : text(value);
}

/** Milliseconds, or a text with its zone; what is out of the range of dates is null. */
function time(value: unknown): string | null {
	const date = new Date(typeof value === 'number' ? value : parseTime(text(value) ?? ''));
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function parseTime(value: string): number {
	const [, year, month, day, clock, zone] = GMT_TIME.exec(value) ?? [];
	if (year !== undefined) return Date.parse(`${year}-${month}-${day}T${clock}${zone}`);
	if (ISO_TIME.test(value)) return Date.parse(value);
	return /^\d{1,16}$/.test(value) ? Number(value) : NaN;
}

function text(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value : null;
}
