import type { StaffMember } from '../../domain/programme.ts';

type Role = StaffMember['role'];

export interface NavigationItem {
  id: string;
  href: string;
}

/** The pages of the bar, in its order, with the roles that work with them. Admins work with all. */
const PAGES: (NavigationItem & { roles: Role[] })[] = [
  { id: 'overview', href: '/staff', roles: ['marketer', 'sales'] },
  { id: 'desk', href: '/staff/desk', roles: ['sales'] },
  { id: 'people', href: '/staff/people', roles: ['marketer', 'sales'] },
  { id: 'issues', href: '/staff/issues', roles: ['marketer'] },
  { id: 'content', href: '/staff/content', roles: ['marketer'] },
  { id: 'scoring', href: '/staff/scoring', roles: ['marketer', 'sales'] },
  { id: 'settings', href: '/staff/settings', roles: ['marketer'] },
];

export function navigationFor(role: Role): NavigationItem[] {
  const items = PAGES.filter(({ roles }) => role === 'admin' || roles.includes(role));
  // Whoever calls leads starts at the desk, whoever makes the newsletter at its numbers.
  return role === 'sales' ? [...items].sort((a) => (a.id === 'desk' ? -1 : 0)) : items;
}

/** Where a member of staff begins the day. */
export function homeOf(role: Role): string {
  return role === 'sales' ? '/staff/desk' : '/staff';
}
