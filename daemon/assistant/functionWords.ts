/** The words of a question that a search should look for: those that every question has say nothing about a row. Pure. */

/** Words of grammar, and the people whom every question about a recording speaks of. @source the commonest function words of English */
const functionWords: ReadonlySet<string> = new Set(
  `a an the this that these those it its he she they them their his her we us you i my your our one ones
  is are was were be been being am do does did done doing has have had having can could will would shall should may might must
  and or but not no nor if then than so as of in on at to for from by with without into onto over under about
  after before during while until besides except between again once only just also too very more most much many any some
  all each every both other another same such own there here yes
  what which who whom whose when where why how
  developer presenter programmer speaker person user someone video`
    .split(/\s+/)
    .filter(Boolean),
);

/** The text without words of grammar; the whole text when it has no others. */
export function contentWords(text: string): string {
  const words = text.split(/\s+/).filter((word) => !functionWords.has(bare(word)));
  return words.length > 0 ? words.join(' ') : text;
}

const bare = (word: string): string => word.toLowerCase().replace(/^\W+|(?:['’]\w{1,2})?\W*$/g, '');
