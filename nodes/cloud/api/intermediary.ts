import { type Answered, type Explanation, header, isBlank, isHtml } from './answer';

/** Servers that are nothing but proxies, as they name themselves. */
const PROXY_SERVER = /^(squid|tinyproxy|privoxy|mitmproxy|zscaler|bluecoat)\b/i;

/**
 * Why a proxy or firewall kept a request from the cloud, where such a one has answered. Undefined for the
 * cloud's own answers: those to a refusal are JSON. n8n hands over the answer of a proxy that refuses to
 * connect (CONNECT) as if it came from the endpoint.
 */
export function explainProxy(answer: Answered): Explanation | undefined {
	const { status, body } = answer;
	if (status === 407) return WANTS_LOGIN;
	if (!isBlank(body) && !isHtml(body)) return undefined;
	const isRefusal = status === 403 || (status === 503 && bearsMarkOfProxy(answer));
	return isRefusal ? REFUSED : undefined;
}

/** Any web server names itself or the time; a proxy that does not connect often says nothing but a status. */
function bearsMarkOfProxy(answer: Answered): boolean {
	const server = header(answer, 'server');
	if (header(answer, 'x-squid-error') || header(answer, 'proxy-status')) return true;
	return server === undefined ? !header(answer, 'date') : PROXY_SERVER.test(server);
}

const REFUSED: Explanation = {
	why: 'a proxy or firewall between n8n and the cloud refused the request',
	hint: 'Have the proxy or firewall let n8n reach the endpoint, and check the proxy settings of the machine that n8n runs on (HTTPS_PROXY, HTTP_PROXY, NO_PROXY)',
};

const WANTS_LOGIN: Explanation = {
	why: 'the proxy between n8n and the cloud wants a login of its own',
	hint: 'Put the user name and the password for the proxy into the proxy settings of the machine that n8n runs on (HTTPS_PROXY, HTTP_PROXY), or leave the endpoint out of the proxy (NO_PROXY)',
};
