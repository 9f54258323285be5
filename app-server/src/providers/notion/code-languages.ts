// The languages of Notion's code blocks, and the names Markdown's authors use for them.

const languages = new Set(
  (
    'abap,abc,agda,arduino,ascii art,assembly,bash,basic,bnf,c,c#,c++,clojure,coffeescript,coq,css,dart,dhall,diff,docker,' +
    'ebnf,elixir,elm,erlang,f#,flow,fortran,gherkin,glsl,go,graphql,groovy,haskell,hcl,html,idris,java,javascript,json,' +
    'julia,kotlin,latex,less,lisp,livescript,llvm ir,lua,makefile,markdown,markup,matlab,mathematica,mermaid,nix,' +
    'notion formula,objective-c,ocaml,pascal,perl,php,plain text,powershell,prolog,protobuf,purescript,python,r,racket,' +
    'reason,ruby,rust,sass,scala,scheme,scss,shell,smalltalk,solidity,sql,swift,toml,typescript,vb.net,verilog,vhdl,' +
    'visual basic,webassembly,xml,yaml,java/c/c++/c#'
  ).split(','),
)

const otherNames: Readonly<Record<string, string>> = {
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  node: 'javascript',
  ts: 'typescript',
  tsx: 'typescript',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'shell',
  zsh: 'shell',
  console: 'shell',
  ps1: 'powershell',
  yml: 'yaml',
  md: 'markdown',
  golang: 'go',
  cpp: 'c++',
  cc: 'c++',
  h: 'c',
  cs: 'c#',
  csharp: 'c#',
  fs: 'f#',
  fsharp: 'f#',
  objc: 'objective-c',
  kt: 'kotlin',
  hs: 'haskell',
  ml: 'ocaml',
  tex: 'latex',
  dockerfile: 'docker',
  make: 'makefile',
  proto: 'protobuf',
  terraform: 'hcl',
  tf: 'hcl',
  wasm: 'webassembly',
  jsonc: 'json',
  json5: 'json',
  patch: 'diff',
  asm: 'assembly',
  vb: 'vb.net',
}

const plain = 'plain text'

/** Notion's name of a fence's language; plain text for one it does not have. */
export function languageOf(lang: string | null | undefined): string {
  const name = (lang ?? '').toLowerCase()
  const known = [name, otherNames[name], name.replaceAll('-', ' ')].find(
    (one) => one !== undefined && languages.has(one),
  )
  return known ?? plain
}

/** What a fence says for a language of Notion; null for plain text. */
export function fenceOf(language: string): string | null {
  return language === plain || language === '' ? null : language.replaceAll(/[\s`]+/g, '-')
}
