/** The SECRET_KEY of programs that tests start: as good as a real one, as a weak one is refused. */
export const TEST_SECRET_KEY = '3f9c1be07a5d42688e0b7c64d1a95f23';
