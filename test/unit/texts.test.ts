import type { INodeProperties, INodeType } from 'n8n-workflow';

import { ElasticCloudServer } from '../../nodes/ElasticCloudServer/ElasticCloudServer.node';
import { ElasticCloudServerAlarmTrigger } from '../../nodes/ElasticCloudServerAlarmTrigger/ElasticCloudServerAlarmTrigger.node';
import { ElasticCloudServerTrigger } from '../../nodes/ElasticCloudServerTrigger/ElasticCloudServerTrigger.node';

// What n8n's UX guidelines ask of the texts in the editor, and its lint does not see.

interface Text {
	name: string;
	description?: string;
	placeholder?: string;
}

const NODES: INodeType[] = [
	new ElasticCloudServer(),
	new ElasticCloudServerAlarmTrigger(),
	new ElasticCloudServerTrigger(),
];

/** Every field and every choice of a node, with those inside of them. */
function textsOf(field: INodeProperties): Text[] {
	const inner = (field.options ?? []).flatMap((option) => {
		if ('type' in option) return textsOf(option);
		return 'value' in option ? [option as Text] : [];
	});
	const { displayName: name, description, placeholder } = field;
	return [{ name, description, placeholder }, ...inner];
}

const texts = NODES.flatMap(({ description }) => description.properties.flatMap(textsOf));

/** The words that carry something, without their endings. */
const wordsOf = (text: string) =>
	(text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map((word) => word.slice(0, 5));

test.each(texts.filter(({ description }) => description).map((text) => [text.name, text]))(
	"what is said of '%s' says more than its name",
	(name, { description }) => {
		const known = wordsOf(name);
		const news = wordsOf(String(description)).filter((word) => !known.includes(word));
		expect(news.length).toBeGreaterThanOrEqual(2);
	},
);

test.each(
	texts
		.filter(({ name, placeholder }) => placeholder && !/^(Filters|Options)$/.test(name))
		.map((text) => [text.name, text.placeholder]),
)("'%s' shows an example, and calls it one", (_, placeholder) => {
	expect(placeholder).toMatch(/^e\.g\. /);
});
