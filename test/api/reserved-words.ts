/**
 * Words that cannot be a name in a language, or that every object of it has: the generated code would have to rename them. In
 * Java, they include the packages that generated code names in full: a field of such a name hides the package.
 */
const WORDS: Record<string, string> = {
  Python: `False None True and as assert async await break class continue def del elif else except finally for from
    global if import in is lambda nonlocal not or pass raise return self try while with yield`,
  Java: `abstract assert boolean break byte case catch char class const continue default do double else enum extends
    final finally float for goto if implements import instanceof int interface long native new package private
    protected public return short static strictfp super switch synchronized this throw throws transient try void
    volatile while true false null getClass hashCode equals clone notify notifyAll wait finalize
    java javax org software`,
  'C#': `abstract as base bool break byte case catch char checked class const continue decimal default delegate do
    double else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface
    internal is lock long namespace new null object operator out override params private protected public readonly ref
    return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong
    unchecked unsafe ushort using virtual void volatile while Equals GetHashCode GetType MemberwiseClone`,
  Go: `break case chan const continue default defer else fallthrough for func go goto if import interface map package
    range return select struct switch type var true false iota nil int uint string bool byte rune error make len cap
    new append copy close delete panic recover`,
};

const RESERVED = Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(/\s+/))] as const);

/** The languages in which a name of the API, spelled as that language spells it, is taken. */
export function reservedIn(name: string): string[] {
  return RESERVED.filter(([language, words]) => spelled(name, language).some((word) => words.has(word))).map(
    ([language]) => language,
  );
}

function spelled(name: string, language: string): string[] {
  if (language === 'Python') return [name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()];
  // Members are in Pascal case there, parameters are not.
  if (language === 'C#') return [name, name[0].toUpperCase() + name.slice(1)];
  return [name];
}
