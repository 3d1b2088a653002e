// The Bicep grammar of tree-sitter, as WebAssembly: no compiler, no network.
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));

export const parse = text => parser.parse(text).rootNode;

/** Every place that the grammar could not make sense of, as `line:column`, and every pair of properties not kept apart. */
export function faults(root) {
  const found = [];
  const at = node => `${node.startPosition.row + 1}:${node.startPosition.column + 1}`;
  const visit = node => {
    if (node.isError) found.push(`${at(node)} not understood: ${node.text.slice(0, 40)}`);
    if (node.isMissing) found.push(`${at(node)} missing ${node.type}`);
    // The grammar takes a line break for any other blank; the compiler wants one, or a comma, between properties and items.
    if (node.type === 'object' || node.type === 'array') {
      node.children.forEach((child, i) => {
        const before = node.children[i - 1];
        const bothContent = i > 0 && child.isNamed && before.isNamed && before.type !== 'decorators';
        if (bothContent && before.endPosition.row === child.startPosition.row && child.type !== 'comment') found.push(`${at(child)} not on a line of its own`);
      });
    }
    node.children.forEach(visit);
  };
  visit(root);
  return found;
}
