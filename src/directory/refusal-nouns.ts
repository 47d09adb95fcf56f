/** `User` → `user` */
export function noun(type: string): string {
  return type.toLowerCase();
}

export function list(ids: readonly string[], quoted: (id: string) => string): string {
  return few(
    ids.map((id) => `"${quoted(id)}"`),
    5,
  );
}

export function few(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
