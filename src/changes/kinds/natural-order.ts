/** PHP's `strnatcmp`: digits are compared as numbers, so that `opt2` comes before `opt10`. */
export function naturalOrder(left: string, right: string): number {
  const [a, b] = [piecesOf(left), piecesOf(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = pieceOrder(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function piecesOf(text: string): string[] {
  return text.match(/\d+|\D/g) ?? [];
}

function pieceOrder(left: string, right: string): number {
  const isNumbers = /^\d/.test(left) && /^\d/.test(right);
  const isFraction = left.startsWith('0') || right.startsWith('0');
  if (isNumbers && !isFraction && left.length !== right.length) return left.length - right.length;
  return Number(left > right) - Number(left < right);
}
