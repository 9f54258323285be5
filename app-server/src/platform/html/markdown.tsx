// Markdown of others as HTML that can do nothing: only the elements named here, links to http(s) alone, nothing loaded from elsewhere.

import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { CopyButton } from './copy-button.js'
import { currentLanguage } from './language.js'
import {
  type MarkdownBlock,
  type MarkdownNode,
  type MarkdownNodeOf,
  markdownBlocks,
  type RenderedMarkdown,
} from './markdown-blocks.js'
import { MarkdownContext } from './markdown-context.js'
import { grown } from './markdown-growth.js'
import { mathMl } from './math.js'
import { t } from './t.js'

/** Elements within one another; what is deeper is shown as text. */
const maxDepth = 60

/**
 * Renders a text; `html` joined is the whole of it.
 * @param idPrefix begins the ids of footnotes, so that several texts can stand on one page
 * @param before the same text when it was shorter: what is the same is taken from it
 */
export function renderMarkdown(text: string, idPrefix: string, before?: RenderedMarkdown): RenderedMarkdown {
  const short = before && grown(before, text)
  if (short) return short
  const read = markdownBlocks(text, before)
  const context = new MarkdownContext(read, idPrefix)
  const frame = `${idPrefix} ${currentLanguage()} ${context.frame}`
  const known =
    before?.frame === frame ? new Map(before.blocks.map((block, index) => [block, before.html[index]])) : undefined
  const html = read.blocks.map((block) => known?.get(block) ?? String(<Block block={block} context={context} />))
  if (context.footnotes.length > 0) html.push(String(<Footnotes context={context} />))
  return { ...read, html, frame }
}

/** A text that is all there. */
export function Markdown({ text, idPrefix }: { text: string; idPrefix: string }) {
  return <div class="prose">{renderMarkdown(text, idPrefix).html.map((html) => raw(html))}</div>
}

function Block({ block: { nodes, source }, context }: { block: MarkdownBlock; context: MarkdownContext }) {
  if (!nodes) return <p class="prose-plain">{source.trim()}</p>
  return <Nodes nodes={nodes} context={context} depth={0} />
}

interface Inside {
  context: MarkdownContext
  depth: number
}

function Nodes({ nodes, context, depth }: Inside & { nodes: readonly MarkdownNode[] }) {
  if (depth > maxDepth) return <>{nodes.map(textOf).join(' ')}</>
  return <>{nodes.map((node) => shown(node, { context, depth: depth + 1 }))}</>
}

function shown(node: MarkdownNode, inside: Inside): Child {
  const children = () => 'children' in node && <Nodes nodes={node.children} {...inside} />
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value
    case 'paragraph':
      return <Paragraph node={node} inside={inside} />
    case 'heading': {
      // The page has the first two levels; and texts begin with the first of theirs or, as often, with the second.
      const Heading = `h${Math.min(Math.max(node.depth + 1, 3), 6)}` as 'h3'
      return <Heading>{children()}</Heading>
    }
    case 'emphasis':
      return <em>{children()}</em>
    case 'strong':
      return <strong>{children()}</strong>
    case 'delete':
      return <del>{children()}</del>
    case 'break':
      return <br />
    case 'inlineCode':
      return <code>{node.value}</code>
    case 'link':
      return <Link url={node.url}>{children()}</Link>
    case 'linkReference':
      return <Link url={inside.context.urlOf(node.identifier)}>{children()}</Link>
    case 'image':
      return <Image url={node.url} alt={node.alt} />
    case 'imageReference':
      return <Image url={inside.context.urlOf(node.identifier)} alt={node.alt} />
    case 'formula':
      return maths(node.value, false)
    case 'displayFormula':
      return <Display tex={node.value} ended={node.ended} />
    case 'blockquote':
      return <blockquote>{children()}</blockquote>
    case 'list':
      return <List node={node} inside={inside} />
    case 'code':
      return <Code node={node} />
    case 'thematicBreak':
      return <hr />
    case 'table':
      return <Table node={node} inside={inside} />
    case 'footnoteReference':
      return <FootnoteReference identifier={node.identifier} context={inside.context} />
    case 'definition':
    case 'footnoteDefinition':
      return null
    default:
      return textOf(node)
  }
}

function Link({ url, children }: { url: string | undefined; children?: Child }) {
  const href = httpUrl(url)
  if (href === undefined) return <>{children}</>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}

/** Loading it would tell whoever serves it that the text was read, and whatever its address carries. */
function Image({ url, alt }: { url: string | undefined; alt: string | null | undefined }) {
  return <Link url={url}>{alt ? t('Image: {what}', { what: alt }) : t('Image')}</Link>
}

function httpUrl(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol, href } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? href : undefined
}

/** Words, and between them the formulas that were written to stand on a line of their own. */
function Paragraph({
  node,
  inside,
  isTight,
}: {
  node: MarkdownNodeOf<'paragraph'>
  inside: Inside
  isTight?: boolean
}) {
  const pieces: (MarkdownNode[] | MarkdownNodeOf<'formula'>)[] = []
  for (const child of node.children) {
    const last = pieces.at(-1)
    if (child.type === 'formula' && child.display) pieces.push(child)
    else if (Array.isArray(last)) last.push(child)
    else if (child.type !== 'text' || child.value.trim() !== '') pieces.push([child])
  }
  return (
    <>
      {pieces.map((piece) => {
        if (!Array.isArray(piece)) return <Display tex={piece.value} />
        const words = <Nodes nodes={piece} {...inside} />
        return isTight ? words : <p>{words}</p>
      })}
    </>
  )
}

/** What has not ended yet is shown as it is written: it would be another formula with every word that comes. */
function Display({ tex, ended = true }: { tex: string; ended?: boolean }) {
  return <div class="prose-math">{ended ? maths(tex, true) : <code>{tex}</code>}</div>
}

function maths(tex: string, display: boolean): Child {
  const markup = mathMl(tex, display)
  return markup === undefined ? <code>{tex}</code> : raw(markup)
}

function List({ node, inside }: { node: MarkdownNodeOf<'list'>; inside: Inside }) {
  const items = node.children.map((item) => (
    <li class={typeof item.checked === 'boolean' ? 'prose-task' : undefined}>
      {typeof item.checked === 'boolean' ? (
        <span role="img" aria-label={item.checked ? t('Done') : t('To do')}>
          {item.checked ? '☑ ' : '☐ '}
        </span>
      ) : null}
      {item.children.map((child) =>
        child.type === 'paragraph' && !item.spread && !node.spread ? (
          <Paragraph node={child} inside={inside} isTight />
        ) : (
          shown(child, inside)
        ),
      )}
    </li>
  ))
  if (!node.ordered) return <ul>{items}</ul>
  return <ol start={node.start === 1 || node.start == null ? undefined : node.start}>{items}</ol>
}

function Code({ node: { lang, value } }: { node: MarkdownNodeOf<'code'> }) {
  return (
    <figure class="code">
      <figcaption class="code-language">{lang ?? t('Text')}</figcaption>
      <CopyButton kind="quiet" place="code-copy" />
      <pre tabindex={0}>
        <code>{value}</code>
      </pre>
    </figure>
  )
}

function Table({ node, inside }: { node: MarkdownNodeOf<'table'>; inside: Inside }) {
  const [head, ...rows] = node.children
  const alignOf = (column: number) => {
    const align = node.align?.[column]
    return align ? `align-${align}` : undefined
  }
  return (
    <div class="prose-table" tabindex={0}>
      <table>
        <thead>
          <tr>
            {head?.children.map((cell, column) => (
              <th scope="col" class={alignOf(column)}>
                <Nodes nodes={cell.children} {...inside} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.children.map((cell, column) => (
                <td class={alignOf(column)}>
                  <Nodes nodes={cell.children} {...inside} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function FootnoteReference({ identifier, context }: { identifier: string; context: MarkdownContext }) {
  const number = context.numberOf(identifier)
  if (number === 0) return <>{`[^${identifier}]`}</>
  return (
    <sup>
      <a href={`#${context.idPrefix}note-${number}`} aria-label={t('Footnote {number}', { number })}>
        {number}
      </a>
    </sup>
  )
}

function Footnotes({ context }: { context: MarkdownContext }) {
  return (
    <section class="prose-notes" aria-label={t('Footnotes')}>
      <ol>
        {context.footnotes.map(({ children }, index) => (
          <li id={`${context.idPrefix}note-${index + 1}`}>
            <Nodes nodes={children} context={context} depth={0} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function textOf(node: MarkdownNode): string {
  if ('value' in node) return node.value
  return 'children' in node ? node.children.map(textOf).join('') : ''
}
