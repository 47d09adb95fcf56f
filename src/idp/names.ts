/** Given name, family name, and how the sign-in name begins. */
export type Name = readonly [given: string, family: string, login: string];

/**
 * People as they are called: each row is here because some server got such a name wrong. Composed and decomposed accents
 * (two ways to write one letter), right-to-left, beyond the basic plane, quotation marks, capitals that fold oddly,
 * a plus and an apostrophe in a sign-in name, and one family name of 150 letters.
 */
export const NAMES: readonly [Name, ...Name[]] = [
  ['Zoë', "O'Brien", "Zoe.O'Brien"],
  ['太郎', '山田', 'Taro.Yamada'],
  ['فاطمة', 'الزهراء', 'fatima.alzahra'],
  ['Jürgen', 'Großmann', 'juergen.grossmann'],
  ['İpek', 'Işık', 'ipek.isik'],
  ['Ana+Lucía', 'García y Márquez', 'ana+lucia'],
  ['Zoe\u0308', 'A\u030angstro\u0308m', 'zoe.angstrom'],
  ['Siobhán', 'Ní Bhriain', 'Siobhan.NiBhriain'],
  ['Nguyễn', 'Thị Ánh', 'nguyen.anh'],
  ['Ольга', 'Щербакова', 'olga.shcherbakova'],
  ['𠮷雄', '髙橋', 'yoshio.takahashi'],
  ['Ὀδυσσεύς', 'Παπαδόπουλος', 'odysseus.papadopoulos'],
  ['Jean-François', "d'Argent", 'jf.dargent'],
  ['नेहा', 'शर्मा', 'neha.sharma'],
  ['Łukasz', 'Żółć', 'Lukasz.Zolc'],
  ['Björk', 'Guðmundsdóttir', 'bjork.gudmundsdottir'],
  ['민준', '김', 'minjun.kim'],
  ['Renée "Rae"', 'Müller-Lüdenscheidt', 'renee.mueller'],
  ['Hubert', `Wolfe${'schlegelsteinhausenbergerdorff'.repeat(5)}sr`, 'hubert.wolfe'],
  ['มาลี', 'ศรีสุข', 'malee.srisuk'],
  ['Ioană', 'Popescu\u2011Ștefan', 'ioana.popescu'],
  ['יעל', 'כהן', 'yael.cohen'],
  ['Smith\\', 'back<slash> & Sons', 'smith.backslash'],
  ['Tāne', 'Te Ariki', 'Tane.TeAriki'],
  ['Måns', 'Åkerlund', 'mans.akerlund'],
  ['Mary', 'Sue', 'MARY.SUE'],
];
