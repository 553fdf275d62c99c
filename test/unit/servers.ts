import type { Answer } from '../../nodes/cloud/api/answer';
import type { CloudRequest } from '../../nodes/cloud/api/requests';
import { answered, nova } from './answers';

export const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

export type ServerJson = { id: string; name: string; status: string } & Record<string, unknown>;

export const server = (index: number, more: Record<string, unknown> = {}): ServerJson => ({
	id: idOf(index),
	name: `web-${index}`,
	status: 'ACTIVE',
	...more,
});

/** A project of many servers that run. */
export const fleet = (count: number) =>
	Array.from({ length: count }, (_, index) => server(index + 1));

/** Lists and reads servers as Nova does, but knows no filter at all. */
export function project(servers: ServerJson[]) {
	return ({ path, query = {} }: CloudRequest): Answer => {
		if (!path.endsWith('/servers/detail')) {
			const found = servers.find(({ id }) => path.endsWith(id));
			return found
				? answered(200, { server: found })
				: answered(404, nova(404, 'itemNotFound', 'Instance could not be found.'));
		}
		const begin = query.marker ? servers.findIndex(({ id }) => id === query.marker) + 1 : 0;
		const limit = Number(query.limit);
		const page = servers.slice(begin, begin + limit);
		const links = page.length === limit ? { servers_links: [{ rel: 'next', href: 'x' }] } : {};
		return answered(200, { servers: page, ...links });
	};
}
