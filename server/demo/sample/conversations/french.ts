import { type Conversation, line } from '../conversation.ts'
import { pdf, sheet } from '../file.ts'

export const french: Conversation[] = [
  {
    key: 'fos-visite',
    subject: 'Site visit in Marseille: names and badges',
    language: 'fr',
    mails: [
      line(
        'camille',
        '17 09:00',
        `Bonjour,

Dans le cadre de la consultation « guidage des cavaliers », une visite du terminal est organisée {+6} à 9 h 30. Merci de nous transmettre la liste des visiteurs (nom, prénom, date de naissance, numéro de pièce d'identité) au plus tard {+1}.

Cordialement,`,
      ),
      line(
        'omar',
        '17 18:10',
        `Bonjour Camille,

Merci. Nous serons trois. Faut-il prévoir des équipements particuliers ?

Bien à vous,`,
      ),
      line(
        'camille',
        '16 08:40',
        `Bonjour Omar,

Casque, gilet haute visibilité et chaussures de sécurité sont obligatoires. Le gilet peut être prêté sur place.

Cordialement,`,
      ),
      line(
        'omar',
        '15 17:30',
        `C'est noté. Pouvons-nous prendre des photos des cavaliers pour préparer le montage des antennes ?`,
      ),
      line(
        'camille',
        '13 11:15',
        `Les photos sont autorisées uniquement avec l'accord du chef de quai, et jamais en direction du poste de la douane. Je vous joins les consignes.

Cordialement,`,
        {
          files: [
            pdf(
              'Consignes-visiteurs.pdf',
              'Consignes aux visiteurs',
              'Casque, gilet et chaussures obligatoires',
              'Photos: accord du chef de quai',
              'Point de rassemblement: porte 3',
            ),
          ],
        },
      ),
      line(
        'omar',
        '12 17:00',
        `Merci, bien reçu. L'un de nous vient en voiture de location depuis Marignane : où se garer ?`,
      ),
      line(
        'camille',
        '11 09:20',
        `Parking visiteurs P2, devant le bâtiment Mistral. Il me faut aussi la plaque du véhicule, dès que vous l'avez.

Cordialement,`,
      ),
      line('omar', '8 17:45', `Je vous envoie la plaque le matin même, la société de location ne la donne pas avant.`),
      line(
        'camille',
        '3 10:05',
        `Bonjour Omar,

D'accord pour la plaque. En revanche je n'ai toujours pas la liste des participants comme convenu ; sans elle, pas de badges. Date limite : {+1}, 17 h.

Cordialement,`,
      ),
    ],
    next: [
      line(
        'camille',
        '0m',
        `Bonjour,

La visite est avancée à 8 h 30 en raison d'une escale. Merci de confirmer que cela vous convient.

Cordialement,`,
      ),
    ],
  },
  {
    key: 'grandlac-boitiers',
    subject: 'Demande de prix : 120 boîtiers pour véhicules de voirie',
    language: 'fr',
    mails: [
      line(
        'bruno',
        '20 10:30',
        `Bonjour,

Nous souhaitons équiper 120 véhicules de voirie. Pourriez-vous nous faire parvenir un prix unitaire, avec et sans installation, ainsi que le délai ?

Merci d'avance,`,
      ),
      line(
        'jane',
        '20 17:40',
        `Bonjour Monsieur Lefèvre,

Volontiers. Les véhicules sont-ils tous de plus de 3,5 t, et souhaitez-vous la lecture du chronotachygraphe ?

Bien à vous,`,
      ),
      line('bruno', '19 11:05', `85 de plus de 3,5 t, 35 fourgons. Pas de chronotachygraphe, nous sommes exemptés.`),
      line(
        'jane',
        '17 17:10',
        `Bonjour,

Voici notre proposition :

Modèle | Prix unitaire HT | Avec installation
Lourd | 189 € | 264 €
Léger | 149 € | 209 €

Délai : six semaines. Le détail est joint.

Bien à vous,`,
        {
          files: [
            sheet(
              'Proposition-Grand-Lac.xlsx',
              ['Modèle', 'Quantité', 'Prix HT', 'Installé'],
              ['Lourd', 85, 189, 264],
              ['Léger', 35, 149, 209],
            ),
          ],
        },
      ),
      line(
        'bruno',
        '12 15:25',
        `Merci. Le seuil de procédure est à 40 000 € HT chez nous : pourriez-vous scinder l'installation dans un second devis ?`,
      ),
      line(
        'mia',
        '11 17:50',
        `Bonjour,

Nous pouvons présenter deux devis si votre service juridique le valide par écrit. Nous ne voudrions pas que cela passe pour un fractionnement.

Bien à vous,`,
      ),
      line(
        'bruno',
        '5 09:35',
        `Vous avez raison, le service juridique préfère une procédure adaptée. La consultation sera publiée {+2} ; je vous enverrai le lien. Votre proposition nous a servi d'estimation, merci.`,
      ),
    ],
    next: [
      line(
        'bruno',
        '0m',
        `Bonjour, la consultation 2026-V-19 est en ligne. Date limite de remise des offres : {+14y} à 12 h. Comptez-vous répondre ?`,
      ),
    ],
  },
  {
    key: 'ardoise-assurance',
    subject: 'Attestation d’assurance responsabilité civile',
    language: 'fr',
    mails: [
      line(
        'sylvie',
        '9 14:20',
        `Bonjour,

Pour mettre à jour votre dossier fournisseur, merci de nous envoyer votre attestation de responsabilité civile en cours de validité et un extrait Kbis ou équivalent.

Bonne journée,`,
      ),
      line(
        'mia',
        '8 17:30',
        `Bonjour Sylvie,

Vous trouverez l'attestation ci-jointe. N'étant pas une société française, nous n'avons pas de Kbis ; un certificat d'existence de l'État de Washington suit par courrier.

Bien à vous,`,
        {
          files: [
            pdf(
              'Attestation-RC.pdf',
              'Attestation de responsabilité civile',
              'Assuré: Northwind',
              'Montant: 2 000 000 USD par sinistre',
            ),
          ],
        },
      ),
      line(
        'sylvie',
        '4 16:00',
        `Bonjour Mia,

Bien reçu. Le certificat devra être traduit par un traducteur assermenté, c'est une exigence de notre groupe. Est-ce possible avant le {+6} ?

Bonne journée,`,
      ),
    ],
  },
]
