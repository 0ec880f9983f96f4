/**
 * Networks from which mail scanners follow links, as their makers publish them for mail servers' allow lists. Only
 * networks that belong to the scanner itself: a cloud's or a provider's whole range also holds people. One sign among
 * several, never a proof. The programme adds its own (`machines.scannerNetworks`).
 */
export const SCANNER_NETWORKS: readonly string[] = [
  // Barracuda Email Gateway Defense
  '64.235.144.0/20',
  '209.222.80.0/21',
  // Broadcom (Symantec, MessageLabs) Email Security.cloud
  '46.226.48.0/21',
  '67.219.240.0/20',
  '85.158.136.0/21',
  '95.131.104.0/21',
  '117.120.16.0/21',
  '193.109.254.0/23',
  '194.106.220.0/23',
  '195.245.230.0/23',
  '216.82.240.0/20',
  // Cisco Secure Email
  '68.232.128.0/19',
  '184.94.240.0/20',
  '216.71.128.0/19',
  // Forcepoint
  '85.115.32.0/19',
  '86.111.216.0/21',
  '208.87.232.0/21',
  // Hornetsecurity
  '83.246.65.0/24',
  '94.100.128.0/20',
  '185.140.204.0/22',
  // Microsoft Exchange Online Protection
  '40.92.0.0/15',
  '40.94.0.0/16',
  '40.107.0.0/16',
  '104.47.0.0/17',
  // Mimecast
  '91.220.42.0/24',
  '103.13.69.0/24',
  '124.47.150.0/24',
  '124.47.189.0/24',
  '146.101.78.0/24',
  '170.10.128.0/17',
  '185.58.84.0/22',
  '195.130.217.0/24',
  '205.139.110.0/23',
  '207.211.30.0/23',
  '207.82.80.0/24',
  '213.167.75.0/24',
  '213.167.81.0/24',
  // Proofpoint
  '67.231.144.0/20',
  '148.163.128.0/19',
  '185.132.180.0/22',
  '185.183.28.0/22',
  '205.220.160.0/19',
  '208.84.64.0/22',
  '208.86.200.0/22',
  // Trend Micro
  '150.70.0.0/16',
];

/**
 * Mail gateways, by the domain their MX hosts stand in. Mail to them is read by a machine before a person can see it.
 * The big mailbox providers are not among them, though they filter too: behind their MX hosts are too many people whose
 * mail nobody follows. The programme adds its own (`machines.gateways`).
 */
export const GATEWAY_DOMAINS: Readonly<Record<string, string>> = {
  'antispamcloud.com': 'SpamExperts',
  'antispameurope.com': 'Hornetsecurity',
  'appriver.com': 'AppRiver',
  'arsmtp.com': 'AppRiver',
  'barracuda.net': 'Barracuda',
  'barracudanetworks.com': 'Barracuda',
  'clearswift.com': 'Clearswift',
  'ctmail.com': 'Cyren',
  'emailservice.io': 'Mailprotector',
  'exchangedefender.com': 'ExchangeDefender',
  'fireeyecloud.com': 'Trellix',
  'fortimail.com': 'Fortinet',
  'hornetsecurity.com': 'Hornetsecurity',
  'iphmx.com': 'Cisco',
  'mailcontrol.com': 'Forcepoint',
  'mailinblack.com': 'Mailinblack',
  'messagelabs.com': 'Broadcom',
  'mimecast-offshore.com': 'Mimecast',
  'mimecast.co.za': 'Mimecast',
  'mimecast.com': 'Mimecast',
  'mxrecord.io': 'Cloudflare',
  'mxthunder.com': 'SpamHero',
  'pphosted.com': 'Proofpoint',
  'ppe-hosted.com': 'Proofpoint',
  'reflexion.net': 'Sophos',
  'retarus.com': 'Retarus',
  'rmx.de': 'Retarus',
  'scanscope.net': 'Censornet',
  'securence.com': 'Securence',
  'snwlhosted.com': 'SonicWall',
  'sophos.com': 'Sophos',
  'spamtitan.com': 'SpamTitan',
  'trendmicro.com': 'Trend Micro',
  'trendmicro.eu': 'Trend Micro',
  'trustwave.com': 'Trustwave',
  'vadesecure.com': 'Vade',
  'zixsmbhosted.com': 'Zix',
};

/** The gateway behind these MX hosts, by its name, or null. `own`: further domains of the programme. */
export function gatewayOf(mxHosts: readonly string[], own: readonly string[] = []): string | null {
  for (const host of mxHosts) {
    const labels = host.toLowerCase().replace(/\.$/, '').split('.');
    for (let from = 0; from < labels.length - 1; from++) {
      const domain = labels.slice(from).join('.');
      if (own.includes(domain)) return domain;
      if (domain in GATEWAY_DOMAINS) return GATEWAY_DOMAINS[domain]!;
    }
  }
  return null;
}
