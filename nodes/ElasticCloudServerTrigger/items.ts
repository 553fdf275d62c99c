import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { formatCloudTime } from '../cloud/api/cloud-time';
import { raw, simplify as simplified } from '../cloud/servers/simplify';
import type { ServerEvent } from '../cloud/changes/event';

/** One item for each event; `readAt`: the time of the poll, in milliseconds since 1970 by the cloud's clock. */
export function toItems(
	events: ServerEvent[],
	readAt: number,
	simplify: boolean,
): INodeExecutionData[] {
	return events.map((event) => ({ json: toJson(event, readAt, simplify) }));
}

function toJson(one: ServerEvent, readAt: number, simplify: boolean): IDataObject {
	const { event, serverId, row, stop } = one;
	const at = formatCloudTime(one.at);
	return {
		event,
		serverId,
		serverName: row?.server.name ?? null,
		status: row?.server.status ?? 'DELETED',
		at,
		seenAt: formatCloudTime(readAt),
		...(stop ? stopJson(stop) : {}),
		...(event === 'failed' ? { fault: row?.server.fault ?? null } : {}),
		eventId: event === 'deleted' ? `${serverId}:deleted` : `${serverId}:${event}:${at}`,
		server: row ? (simplify ? simplified(row) : raw(row)) : null,
	};
}

function stopJson({
	cause,
	requestedBy,
	requestId,
	stopsInLastHour,
	lastReport,
}: NonNullable<ServerEvent['stop']>) {
	return {
		cause,
		requestedBy,
		requestId,
		stopsInLastHour,
		...(lastReport ? { lastReport } : {}),
	};
}
