import { isObject } from '../answer';
import type { Api } from '../api';
import { readEvidence } from '../evidence';
import { isNotPublished } from '../not-published';
import { verdict } from '../verdict';

/**
 * `locked` is shown from 2.9, tags from 2.26; from 2.47 the flavor's id is gone. OTC documents 2.26.
 */
export const READ_MICROVERSION = '2.26';

/** OpenStack's compute API, by one of its two paths (openstack/nova api-ref; OTC ECS API reference, "Native OpenStack Nova APIs"). */
export function nova(
	version: 'v2' | 'v2.1',
	projectId: string,
	microversion: string | null = READ_MICROVERSION,
): Api {
	const servers = `/${version}/${projectId}/servers`;
	const headers: Record<string, string> = microversion
		? { 'X-OpenStack-Nova-API-Version': microversion }
		: {};
	return {
		act: (serverId, { body }) => ({ method: 'POST', path: `${servers}/${serverId}/action`, body }),
		judge: verdict,
		isPaced: false,
		looksFirst: false,
		read: (serverId) => ({ method: 'GET', path: `${servers}/${serverId}`, headers }),
		list: (filters, limit, marker) => ({
			method: 'GET',
			path: `${servers}/detail`,
			query: { limit: String(limit), ...filters, ...(marker ? { marker } : {}) },
			headers,
		}),
		page({ servers: listed, servers_links: links }) {
			if (!Array.isArray(listed)) return undefined;
			const isNext = (link: unknown) => isObject(link) && link.rel === 'next';
			return { servers: listed, more: Array.isArray(links) && links.some(isNext) };
		},
		listsChanges: true,
		listsChosen: false,
		// Newest first.
		evidence: ({ serverId }) => ({
			method: 'GET',
			path: `${servers}/${serverId}/os-instance-actions`,
		}),
		// The answer of a batch carries the id of the batch, which Nova does not know.
		readEvidence: (answer, { jobId, requestId, ...wanted }) =>
			readEvidence(answer, { ...wanted, requestId: jobId ? undefined : requestId }),
		isMissing: isNotPublished,
		plainer: microversion ? nova(version, projectId, null) : undefined,
	};
}
